#include "tooz/drivers/sql_kv/connector.h"

#include "tooz/random_text.h"

namespace tooz::sql_kv {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(20);
constexpr auto kLongestPause = std::chrono::seconds(1);
constexpr int kAttempts = 5;

}  // namespace

Connector::Connector(Env& env, Server& server, std::vector<Url::Host> hosts)
    : env_(env),
      server_(server),
      statements_(server.dialect()),
      hosts_(std::move(hosts)),
      backoff_(env, kFirstPause, kLongestPause) {}

std::unique_ptr<Connection> Connector::connect(Env::TimePoint deadline) {
  std::size_t first = 0;
  Env::TimePoint ready;
  {
    const std::lock_guard lock(mutex_);
    first = first_;
    ready = ready_at_;
  }
  env_.sleep_until(std::min(ready, deadline), {});
  std::string why;
  auto kind = Failure::Kind::kLost;
  for (std::size_t i = 0; i < hosts_.size(); ++i) {
    // A host that does not answer leaves the others their share of the time.
    const auto now = env_.now();
    const auto share = (deadline - now) / static_cast<std::int64_t>(hosts_.size() - i);
    const std::size_t host = (first + i) % hosts_.size();
    try {
      auto connection = try_host(host, now + share);
      succeeded(host);
      return connection;
    } catch (const Failure& failure) {
      why.append(why.empty() ? "" : "; ").append(failure.what());
      const bool denied = failure.kind() == Failure::Kind::kDenied;
      const bool again = failure.kind() == Failure::Kind::kConflict && kind == Failure::Kind::kLost;
      if (denied || again) kind = failure.kind();
    }
  }
  failed();
  throw Failure(kind, why);
}

std::unique_ptr<Connection> Connector::try_host(std::size_t host, Env::TimePoint deadline) {
  auto connection = server_.connect(hosts_[host], deadline);
  keep_origin(prepare(*connection, deadline));
  return connection;
}

// Whoever comes first makes the tables, and a new origin when the data stands in another history.
std::string Connector::prepare(Connection& connection, Env::TimePoint deadline) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (const auto origin = read_origin(connection, deadline)) return *origin;
    const auto& dialect = server_.dialect();
    const std::string state =
        std::string(dialect.bytes(random_text(env_))) + ", " + dialect.bytes(connection.history());
    connection.run(server_.schema(state), deadline);
  }
  throw Failure(Failure::Kind::kLost, "the tables tooz_cc_... vanish as soon as they are made");
}

// Nullopt: there are no tables, or no row in them. Those of an earlier version are brought up to
// date.
std::optional<std::string> Connector::read_origin(Connection& connection, Env::TimePoint deadline) {
  const std::string& history = connection.history();
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Result found;
    try {
      found = connection.run(statements_.origin(), deadline);
    } catch (const Failure& failure) {
      if (failure.kind() == Failure::Kind::kOldSchema) {
        connection.run(server_.upgrade(), deadline);
        continue;
      }
      if (failure.kind() != Failure::Kind::kNoSchema) throw;
    }
    if (found.rows.empty()) return std::nullopt;
    const std::string stored = found.rows[0].at(1).value_or("");
    if (stored == history) return found.rows[0].at(0).value_or("");
    connection.run(statements_.new_origin(random_text(env_), history, stored), deadline);
  }
  throw Failure(Failure::Kind::kLost, "servers of different histories change its data in turn");
}

std::string Connector::origin(Connection& connection, Env::TimePoint deadline) {
  std::uint64_t before = 0;
  {
    const std::lock_guard lock(mutex_);
    before = origins_;
  }
  const auto found = read_origin(connection, deadline);
  if (!found) throw Failure(Failure::Kind::kNoSchema, "the state row is gone");
  const std::lock_guard lock(mutex_);
  if (origins_ == before) origin_ = found;  // else somebody read it after us
  return *found;
}

std::optional<std::string> Connector::known_origin() const {
  const std::lock_guard lock(mutex_);
  return origin_;
}

void Connector::forget_origin() {
  const std::lock_guard lock(mutex_);
  origin_.reset();
  ++origins_;
}

void Connector::keep_origin(const std::string& origin) {
  const std::lock_guard lock(mutex_);
  origin_ = origin;
  ++origins_;
}

void Connector::failed() {
  const auto pause = [this] {
    const std::lock_guard lock(mutex_);
    return backoff_.next();
  }();
  const auto ready = env_.now() + pause;
  const std::lock_guard lock(mutex_);
  ready_at_ = std::max(ready_at_, ready);
}

void Connector::succeeded(std::size_t host) {
  const std::lock_guard lock(mutex_);
  first_ = host;
  backoff_.reset(kFirstPause);
  ready_at_ = {};
}

}  // namespace tooz::sql_kv
