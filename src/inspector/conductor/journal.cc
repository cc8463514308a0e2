#include "inspector/conductor/journal.h"

#include "inspector/conductor/journal_rows.h"
#include "inspector/conductor/packed_text.h"
#include "inspector/uuid.h"

#include <memory>
#include <utility>

namespace inspector {
namespace {

using sql::Access;
using sql::Transaction;

/// Of a set, in bytes. Every database's text column takes it, however much of it is escaped.
constexpr std::size_t kMostInRow = 8UL * 1024;

using Texts = std::vector<std::string>;

struct Parts {
  std::string name;
  Texts texts;
};

Journal::Write write(Change change) {
  return [shared = std::make_shared<const Change>(std::move(change))](Transaction& t) {
    shared->run(t);
  };
}

/// Nothing is copied with the function: parts are large.
Journal::Write with_parts(const Operation& operation, Change change, Parts parts) {
  if (parts.texts.empty()) return write(std::move(change));
  return [id = operation.id, change = std::make_shared<const Change>(std::move(change)),
          shared = std::make_shared<const Parts>(std::move(parts))](Transaction& t) {
    change->run(t);
    insert_parts(t, id, shared->name, shared->texts);
  };
}

}  // namespace

Operation Journal::make(Operation::Kind kind, std::string_view node) const {
  return {.id = random_uuid(env_),
          .kind = kind,
          .node = std::string(node),
          .digest = {},
          .created = env_.wall_time()};
}

Journal::Write Journal::enter(const Operation& operation, std::string_view body) const {
  return with_parts(operation, insertion(operation, to_micros(env_.wall_time())),
                    {"body", body.empty() ? Texts() : pack(body)});
}

Journal::Write Journal::enter_stored(Operation& operation, std::string_view logs) const {
  operation.step = Operation::Step::kStored;
  Texts parts = logs.empty() ? Texts() : pack(logs);
  if (parts.empty()) operation.arguments[kNoParts] = true;
  return with_parts(operation, insertion(operation, to_micros(env_.wall_time())),
                    {"logs", std::move(parts)});
}

void Journal::enter_alone(const Operation& operation) {
  database_.run(Access::kWrite, enter(operation));
}

void Journal::begin(Operation& operation) {
  if (operation.tries != Operation::kNotBegun) return;
  const Change change = to_begun(operation);
  database_.run(Access::kWrite, [&](Transaction& t) { change.run(t); });
  operation.tries = 0;
}

Journal::Write Journal::move_on(const Operation& operation) const {
  return write(to_step(operation, to_micros(env_.wall_time())));
}

void Journal::move_on_alone(const Operation& operation) {
  database_.run(Access::kWrite, move_on(operation));
}

Journal::Write Journal::keep_set(Operation& operation, std::string_view set) const {
  Texts parts;
  if (set.size() <= kMostInRow) {
    operation.step = Operation::Step::kSending;
    operation.arguments["set"] = set;
  } else {
    operation.step = Operation::Step::kChanges;
    operation.arguments.erase(kNoParts);
    parts = pack(set);
  }
  return with_parts(operation, to_arguments(operation, to_micros(env_.wall_time())),
                    {"set", std::move(parts)});
}

Journal::Write Journal::end(const Operation& operation,
                            const std::optional<KeptAnswer>& answer) const {
  std::vector<Change> changes;
  if (operation.entered && may_have_parts(operation))
    changes.push_back({"DELETE FROM cc_operation_part WHERE operation = :p1", {operation.id}});
  if (operation.entered) changes.push_back(removal(operation));
  if (answer && !operation.digest.empty())
    changes.push_back(
        insertion(*answer, operation.digest, to_micros(env_.wall_time()), database_.dialect()));
  return [all = std::make_shared<const std::vector<Change>>(std::move(changes))](Transaction& t) {
    for (const Change& each : *all)
      each.run(t);
  };
}

void Journal::drop(const Operation& operation) { database_.run(Access::kWrite, end(operation)); }

Journal::Write Journal::keep_attempt(const std::string& attempt, const std::string& node) const {
  return write(insertion(KeptAnswer{.uuid = node, .error = {}}, attempt,
                         to_micros(env_.wall_time()), database_.dialect()));
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
