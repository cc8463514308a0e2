#include "tooz/drivers/sql_kv/sql_backend.h"

#include "tooz/drivers/sql_kv/waits.h"

#include <algorithm>

namespace tooz::sql_kv {
namespace {

using What = Client::What;
using Sweep = Statements::Sweep;
using Row = std::vector<std::optional<std::string>>;

std::int64_t number(const std::optional<std::string>& cell) {
  return std::stoll(cell.value_or("0"));
}

class SqlBackend final : public Backend {
 public:
  SqlBackend(Env& env, std::unique_ptr<Server> server, Settings settings)
      : env_(env),
        server_(std::move(server)),
        statements_(server_->dialect()),
        client_(env, *server_, std::move(settings)),
        waits_(env, *server_, client_) {}

  Session open_session(Env::Duration wanted) override;
  Env::Duration renew(SessionId session) override;
  void close_session(SessionId session) override;
  std::optional<Revision> create(std::string_view key, std::string_view value, SessionId owner,
                                 const Guard& guard) override;
  std::optional<Revision> replace(std::string_view key, std::string_view value,
                                  Revision expected) override;
  bool remove(std::string_view key, Revision expected, const Guard& guard) override;
  std::optional<Entry> get(std::string_view key) override;
  Snapshot list(std::string_view prefix) override;
  void wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                   std::stop_token stop) override {
    waits_.wait(prefix, at, deadline, stop);
  }
  std::optional<Changes> next_changes(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                      std::stop_token stop) override;
  std::string origin() override { return client_.origin(); }

 private:
  void check(const What& what, std::string_view value = {}) const;
  [[noreturn]] void lost(const What& what);
  template <class Query>
  Snapshot read(const What& what, Query query);
  std::optional<Changes> told(std::string_view prefix, Revision at);

  Env& env_;
  const std::unique_ptr<Server> server_;
  const Statements statements_;
  Client client_;
  Waits waits_;
};

void SqlBackend::check(const What& what, std::string_view value) const {
  if (what.key.empty()) client_.fail(what, Errc::kBadName, "an empty key");
  if (what.key.size() > kMaxKey)
    client_.fail({what.verb, "a key"}, Errc::kBadName,
                 std::to_string(what.key.size()) + " bytes, at most " + std::to_string(kMaxKey));
  if (value.size() > kMaxValue)
    client_.fail(what, Errc::kTooLarge,
                 std::to_string(value.size()) + " bytes, at most " + std::to_string(kMaxValue));
}

void SqlBackend::lost(const What& what) {
  client_.forget_origin();
  client_.fail(what, Errc::kSessionLost, "the database does not know it any more");
}

Session SqlBackend::open_session(Env::Duration wanted) {
  const auto ttl = std::max(std::chrono::ceil<std::chrono::microseconds>(wanted),
                            std::chrono::microseconds(1000));
  const auto id = (env_.random() >> 1) | 1;  // a positive bigint
  client_.run({"open a session", ""}, statements_.open_session(id, ttl.count()));
  client_.forget_origin();
  return {SessionId{id}, ttl};
}

Env::Duration SqlBackend::renew(SessionId session) {
  const What what{"renew the session", ""};
  const Result found = client_.run(what, statements_.renew(static_cast<std::uint64_t>(session)));
  if (found.rows.empty()) lost(what);
  return std::chrono::microseconds(number(found.rows.front().at(0)));
}

void SqlBackend::close_session(SessionId session) {
  client_.run({"close the session", ""},
              statements_.close_session(static_cast<std::uint64_t>(session)));
}

std::optional<Revision> SqlBackend::create(std::string_view key, std::string_view value,
                                           SessionId owner, const Guard& guard) {
  const What what{"create", key};
  check(what, value);
  const auto id = static_cast<std::uint64_t>(owner);
  const Result found = client_.read(
      what, statements_.create({.key = key, .value = value, .owner = id, .guard = guard}));
  const Row& row = found.rows.front();
  if (owner != SessionId::kNone && number(row.at(3)) == 0) lost(what);
  return number(row.at(2)) != 0 ? std::optional(number(row.at(1))) : std::nullopt;
}

std::optional<Revision> SqlBackend::replace(std::string_view key, std::string_view value,
                                            Revision expected) {
  const What what{"replace", key};
  check(what, value);
  const Result found =
      client_.read(what, statements_.replace({.key = key, .value = value, .expected = expected}));
  const Row& row = found.rows.front();
  return number(row.at(2)) != 0 ? std::optional(number(row.at(1))) : std::nullopt;
}

bool SqlBackend::remove(std::string_view key, Revision expected, const Guard& guard) {
  const What what{"remove", key};
  check(what);
  return client_.run(what, statements_.remove({.key = key, .expected = expected, .guard = guard}))
             .affected > 0;
}

// An entry whose session has ended is removed before anybody is told that it is gone: else it
// could come back, by a renewal that was under way or by a clock that is put back.
template <class Query>
Snapshot SqlBackend::read(const What& what, Query query) {
  Result found = client_.read(what, query(Sweep::kNo));
  const auto ended = [](const Row& row) { return row.at(2) && number(row.at(7)) != 0; };
  if (std::ranges::any_of(found.rows, ended)) found = client_.read(what, query(Sweep::kFirst));
  Snapshot snapshot;
  snapshot.at = number(found.rows.front().at(1));
  for (Row& row : found.rows) {
    if (!row.at(2)) continue;  // the row of an empty answer
    snapshot.entries.push_back({std::move(*row.at(2)), row.at(3).value_or(""),
                                SessionId{static_cast<std::uint64_t>(number(row.at(4)))},
                                number(row.at(5)), number(row.at(6))});
  }
  std::ranges::sort(snapshot.entries, {}, &Entry::key);
  return snapshot;
}

std::optional<Entry> SqlBackend::get(std::string_view key) {
  const What what{"read", key};
  check(what);
  Snapshot found = read(what, [&](Sweep sweep) { return statements_.get(key, sweep); });
  if (found.entries.empty()) return std::nullopt;
  return std::move(found.entries.front());
}

Snapshot SqlBackend::list(std::string_view prefix) {
  return read({"list", prefix}, [&](Sweep sweep) { return statements_.list(prefix, sweep); });
}

// Nullopt: the record does not reach back to `at`, or `at` is of another history, or a process of
// an earlier version has changed something: it does not note what.
std::optional<Changes> SqlBackend::told(std::string_view prefix, Revision at) {
  Result found = client_.read({"watch", prefix}, statements_.told(prefix, at));
  Changes changes{{}, number(found.rows.front().at(1))};
  if (changes.at < at || changes.at - kKeptRevisions > at) return std::nullopt;
  for (Row& row : found.rows) {
    if (!row.at(3)) continue;  // the row of an empty answer
    if (!row.at(4)) return std::nullopt;
    Change change{{.key = std::move(*row.at(3)), .revision = number(row.at(2))}};
    change.removed = number(row.at(4)) == 0;
    change.value_known = row.at(5).has_value();
    if (!change.removed) {
      change.entry.created = number(row.at(4));
      change.entry.value = row.at(5).value_or("");
      change.entry.owner = SessionId{static_cast<std::uint64_t>(number(row.at(6)))};
    }
    changes.list.push_back(std::move(change));
  }
  // A transaction that removes what has ended may also make the same key again: the removal is
  // first.
  std::ranges::sort(changes.list, {}, [](const Change& change) {
    return std::pair(change.entry.revision, !change.removed);
  });
  return changes;
}

std::optional<Changes> SqlBackend::next_changes(std::string_view prefix, Revision at,
                                                Env::TimePoint deadline, std::stop_token stop) {
  for (;;) {
    waits_.wait(prefix, at, deadline, stop);
    if (stop.stop_requested()) return Changes{{}, at};
    auto changes = told(prefix, at);
    if (!changes || !changes->list.empty() || env_.now() >= deadline) return changes;
    at = changes->at;
  }
}

}  // namespace

std::unique_ptr<Backend> make_sql_backend(Env& env, std::unique_ptr<Server> server,
                                          Settings settings) {
  return std::make_unique<SqlBackend>(env, std::move(server), std::move(settings));
}

}  // namespace tooz::sql_kv
