#include "tooz/drivers/sql_kv/client.h"

namespace tooz::sql_kv {
namespace {

using Kind = Failure::Kind;

constexpr auto kFirstPause = std::chrono::milliseconds(2);
constexpr auto kLongestPause = std::chrono::milliseconds(100);
constexpr int kAttempts = 20;

}  // namespace

Result Client::run(const What& what, const Batch& batch) {
  return repeat(what, batch.repeatable, [&](Connection& connection, Env::TimePoint deadline) {
    return connection.run(batch, deadline);
  });
}

Result Client::read(const What& what, const Batch& batch) {
  return repeat(what, batch.repeatable, [&](Connection& connection, Env::TimePoint deadline) {
    Result result = connection.run(batch, deadline);
    if (result.rows.empty()) throw Failure(Kind::kNoSchema, "the state row is gone");
    if (result.rows[0].at(0) != "0") throw Failure(Kind::kStandby, "the server takes no writes");
    return result;
  });
}

std::string Client::origin() {
  if (const auto known = connector_.known_origin()) return *known;
  const What what{"read the origin", ""};
  const Result result =
      repeat(what, true, [&](Connection& connection, Env::TimePoint deadline) -> Result {
        return {{{connector_.origin(connection, deadline)}}, 0};
      });
  return result.rows.at(0).at(0).value();
}

// Lost on a connection that had been idle: the server may have been started again since; if that
// is so a new connection finds it. What may have been done is not done twice.
Result Client::repeat(const What& what, bool repeatable, const Action& action) {
  const auto deadline = env_.now() + settings_.timeout;
  base::Backoff pauses(env_, kFirstPause, kLongestPause);
  for (int attempt = 1;; ++attempt) {
    bool connected = false;
    bool used_before = false;
    try {
      Pool::Lease lease(pool_, deadline);
      connected = true;
      used_before = lease.used_before();
      Result result = action(*lease, deadline);
      lease.keep();
      return result;
    } catch (const Failure& failure) {
      if (connected) pool_.drop_idle();
      const bool undone = failure.kind() != Kind::kLost || (repeatable && used_before);
      const bool late = attempt == kAttempts || env_.now() >= deadline;
      if (failure.kind() == Kind::kDenied) fail(what, Errc::kDenied, failure.what());
      if (!undone || late) fail(what, Errc::kUnreachable, failure.what());
    }
    env_.sleep_for(pauses.next(), {});
  }
}

void Client::fail(const What& what, Errc code, std::string_view why) const {
  std::string text = settings_.name + ": " + std::string(what.verb);
  if (!what.key.empty()) text += " " + std::string(what.key);
  throw Error(code, text + ": " + std::string(why));
}

}  // namespace tooz::sql_kv
