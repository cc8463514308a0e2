#include "inspector/conductor/journal.h"

#include "inspector/conductor/journal_rows.h"
#include "inspector/conductor/packed_text.h"
#include "inspector/uuid.h"

namespace inspector {
namespace {

using sql::Access;
using sql::Transaction;

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

Journal::Write Journal::keep_set(const Operation& operation, std::string_view set) const {
  return [operation, parts = pack(set), now = to_micros(env_.wall_time())](Transaction& t) {
    update_step(t, operation, now);
    insert_parts(t, operation.id, "set", parts);
  };
}

Journal::Write Journal::end(const Operation& operation,
                            const std::optional<KeptAnswer>& answer) const {
  return [operation, answer, now = to_micros(env_.wall_time())](Transaction& t) {
    if (!delete_operation(t, operation)) refuse_stale(operation);
    if (answer && !operation.digest.empty()) insert_answer(t, operation.digest, *answer, now);
  };
}

void Journal::drop(const Operation& operation) { database_.run(Access::kWrite, end(operation)); }

Journal::Write Journal::keep_attempt(const std::string& attempt, const std::string& node) const {
  return [attempt, node, now = to_micros(env_.wall_time())](Transaction& t) {
    insert_answer(t, attempt, {node, {}}, now);
  };
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
