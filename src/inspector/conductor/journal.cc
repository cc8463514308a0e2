#include "inspector/conductor/journal.h"

#include "inspector/conductor/journal_rows.h"
#include "inspector/conductor/packed_text.h"
#include "inspector/uuid.h"

namespace inspector {
namespace {

using sql::Access;
using sql::Transaction;

/// Of a set, in bytes. Every database's text column takes it, however much of it is escaped.
constexpr std::size_t kMostInRow = 8UL * 1024;

}  // namespace

Operation Journal::make(Operation::Kind kind, std::string_view node) const {
  return {.id = random_uuid(env_),
          .kind = kind,
          .node = std::string(node),
          .digest = {},
          .created = env_.wall_time()};
}

Journal::Write Journal::enter(const Operation& operation, std::string_view body) const {
  const std::int64_t now = to_micros(env_.wall_time());
  auto parts = body.empty() ? std::vector<std::string>() : pack(body);
  return [operation, parts = std::move(parts), now](Transaction& t) {
    insert_operation(t, operation, now);
    insert_parts(t, operation.id, "body", parts);
  };
}

Journal::Write Journal::enter_stored(Operation& operation, std::string_view logs) const {
  operation.step = Operation::Step::kStored;
  auto parts = logs.empty() ? std::vector<std::string>() : pack(logs);
  if (parts.empty()) operation.arguments[kNoParts] = true;
  return [operation, parts = std::move(parts), now = to_micros(env_.wall_time())](Transaction& t) {
    insert_report(t, operation, now);
    insert_parts(t, operation.id, "logs", parts);
  };
}

Journal::Write Journal::enter_whole(const Operation& operation, std::string_view body) const {
  return [operation, parts = pack(body), now = to_micros(env_.wall_time())](Transaction& t) {
    insert_report(t, operation, now);
    insert_parts(t, operation.id, "body", parts);
  };
}

void Journal::enter_alone(const Operation& operation) {
  database_.run(Access::kWrite, enter(operation));
}

void Journal::begin(Operation& operation) {
  if (operation.tries != Operation::kNotBegun) return;
  database_.run(Access::kWrite, [&operation](Transaction& t) { update_begun(t, operation); });
  operation.tries = 0;
}

Journal::Write Journal::move_on(const Operation& operation) const {
  return [operation, now = to_micros(env_.wall_time())](Transaction& t) {
    update_step(t, operation, now);
  };
}

void Journal::move_on_alone(const Operation& operation) {
  database_.run(Access::kWrite, move_on(operation));
}

Journal::Write Journal::keep_set(Operation& operation, std::string_view set) const {
  std::vector<std::string> parts;
  if (set.size() <= kMostInRow) {
    operation.step = Operation::Step::kSending;
    operation.arguments["set"] = set;
  } else {
    operation.step = Operation::Step::kChanges;
    operation.arguments.erase(kNoParts);
    parts = pack(set);
  }
  return [operation, parts = std::move(parts), now = to_micros(env_.wall_time())](Transaction& t) {
    update_arguments(t, operation, now);
    insert_parts(t, operation.id, "set", parts);
  };
}

Journal::Write Journal::end(const Operation& operation,
                            const std::optional<KeptAnswer>& answer) const {
  return [operation, answer, now = to_micros(env_.wall_time())](Transaction& t) {
    if (operation.entered) delete_operation(t, operation);
    if (answer && !operation.digest.empty()) insert_answer(t, operation.digest, *answer, now);
  };
}

void Journal::drop(const Operation& operation) { database_.run(Access::kWrite, end(operation)); }

Journal::Write Journal::keep_attempt(const std::string& attempt, const std::string& node) const {
  return [attempt, node, now = to_micros(env_.wall_time())](Transaction& t) {
    insert_answer(t, attempt, {node, {}}, now);
  };
}

std::string Journal::body(const Operation& operation) {
  if (operation.step != Operation::Step::kStored) return part(operation, "body");
  std::optional<std::string> stored;
  database_.run(Access::kReadOne, [&](Transaction& t) {
    const auto rows =
        t.query("SELECT data FROM introspection_data WHERE uuid = :p1 AND processed = :p2",
                {operation.node, false});
    stored = rows.empty() ? std::nullopt : rows[0].maybe_text(0);
  });
  if (!stored) throw std::runtime_error("the report of node " + operation.node + " is gone");
  return *std::move(stored);
}

std::string Journal::logs(const Operation& operation) {
  if (operation.step != Operation::Step::kStored || !may_have_parts(operation)) return {};
  return part(operation, "logs");
}

std::string Journal::set(const Operation& operation) {
  if (operation.step != Operation::Step::kSending) return part(operation, "set");
  return std::string(operation.arguments.at("set").as_string());
}

std::string Journal::part(const Operation& operation, const std::string& part_name) {
  std::vector<std::string> parts;
  database_.run(Access::kRead, [&](Transaction& t) {
    parts.clear();
    for (const sql::Row& row : t.query("SELECT data FROM cc_operation_part WHERE operation = :p1 "
                                       "AND name = :p2 ORDER BY number",
                                       {operation.id, part_name}))
      parts.push_back(row.text(0));
  });
  return unpack(parts);
}

}  // namespace inspector
