#include "inspector/conductor/journal.h"
#include "inspector/conductor/journal_rows.h"
#include "inspector/conductor/packed_text.h"

namespace inspector {
namespace {

using sql::Access;
using sql::Transaction;

constexpr auto kKeep = std::chrono::hours(1);

struct Found {
  KeptAnswer answer;
  std::int64_t kept_at = 0;
};

std::optional<Found> find_answer(Transaction& t, const std::string& digest) {
  const auto rows =
      t.query("SELECT node_uuid, code, text, kept_at FROM cc_answer WHERE digest = :p1", {digest});
  if (rows.empty()) return std::nullopt;
  Found found{.answer = {.uuid = rows[0].text(0), .error = {}}, .kept_at = rows[0].integer(3)};
  const auto code = static_cast<int>(rows[0].integer(1));
  if (code != 0) found.answer.error = Error(from_rpc_code(code), rows[0].text(2));
  return found;
}

/// Undoes the transaction of a report that needs no processing.
struct HasAnswer {
  KeptAnswer answer;
};

}  // namespace

/// The insertion comes first: it waits for the end of the first report's transaction on the same
/// digest, and its answer is visible afterwards.
Journal::Acceptance Journal::accept(const Operation& operation, std::string_view body) {
  const auto parts = pack(body);
  const Change entry = insertion(operation, to_micros(env_.wall_time()));
  const auto wall = env_.wall_time();
  const std::int64_t oldest = to_micros(wall - kKeep);
  try {
    database_.run(Access::kWrite, [&](Transaction& t) {
      entry.run(t);
      const auto known = find_answer(t, operation.digest);
      if (known && known->kept_at >= oldest) throw HasAnswer{known->answer};
      if (known) t.exec("DELETE FROM cc_answer WHERE digest = :p1", {operation.digest});
      insert_parts(t, operation.id, "body", parts);
    });
    return {};
  } catch (const HasAnswer& has) {
    return {.answer = has.answer};
  } catch (const sql::Error& error) {
    if (error.code != sql::Errc::kDuplicate) throw;
    return {.known = Known::kUnderWay};
  }
}

std::optional<KeptAnswer> Journal::answer(const std::string& digest) {
  const std::int64_t oldest = to_micros(env_.wall_time() - kKeep);
  std::optional<Found> found;
  database_.run(Access::kRead, [&](Transaction& t) { found = find_answer(t, digest); });
  if (!found || found->kept_at < oldest) return std::nullopt;
  return found->answer;
}

bool Journal::under_way(const std::string& digest) {
  bool found = false;
  database_.run(Access::kRead, [&](Transaction& t) {
    found = !t.query("SELECT id FROM cc_operation WHERE digest = :p1", {digest}).empty();
  });
  return found;
}

std::int64_t Journal::drop_old_answers() {
  const std::int64_t oldest = to_micros(env_.wall_time() - kKeep);
  std::int64_t dropped = 0;
  database_.run(Access::kWrite, [&](Transaction& t) {
    dropped = t.exec("DELETE FROM cc_answer WHERE kept_at < :p1", {oldest});
  });
  return dropped;
}

}  // namespace inspector
