#include "tooz/drivers/redis/redis.h"

#include "tooz/drivers/redis/options.h"
#include "tooz/drivers/redis/subscriber.h"

#include <algorithm>

namespace tooz {
namespace redis {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestLease = std::chrono::hours(24 * 365);

std::string text(SessionId session) { return std::to_string(static_cast<std::uint64_t>(session)); }

class RedisBackend final : public Backend {
 public:
  RedisBackend(Env& env, const Options& options)
      : env_(env), client_(env, options), subscriber_(client_) {}

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
    wait(prefix, at, deadline, stop);
  }
  std::optional<Changes> next_changes(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                      std::stop_token stop) override;
  std::string origin() override;

 private:
  using What = Client::What;
  using Repeat = Client::Repeat;

  void check_key(const What& what) const {
    if (what.key.empty()) client_.fail(what, Errc::kBadName, "an empty key");
  }
  void check_value(const What& what, std::string_view value) const {
    if (value.size() > kRedisFeatures.max_value)
      client_.fail(what, Errc::kTooLarge,
                   std::to_string(value.size()) + " bytes, at most " +
                       std::to_string(kRedisFeatures.max_value));
  }
  /// As wait_change(); returns up to where nothing has changed, `at` or later.
  Revision wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
                const std::stop_token& stop);
  template <class Decode>
  auto ask(const What& what, const std::vector<std::string_view>& arguments, Decode decode) {
    return client_.decoded(what, client_.run(what, arguments), decode);
  }
  static std::optional<Revision> revision_or_none(std::int64_t answer) {
    return answer > 0 ? std::optional(answer) : std::nullopt;
  }

  Env& env_;
  Client client_;
  Subscriber subscriber_;
};

// The number is drawn: after data was lost nobody must find himself under that of another.
Session RedisBackend::open_session(Env::Duration wanted) {
  const auto id = SessionId{std::max<std::uint64_t>(1, env_.random() >> 1)};
  const auto ttl =
      std::clamp(std::chrono::ceil<milliseconds>(wanted), milliseconds(1), kLongestLease);
  ask({scripts().open, "open a session", "", Repeat::kHarmless},
      {text(id), std::to_string(ttl.count())}, &decode_number);
  return {id, ttl};
}

Env::Duration RedisBackend::renew(SessionId session) {
  const What what{scripts().renew, "renew the session", "", Repeat::kHarmless};
  const milliseconds ttl(ask(what, {text(session)}, &decode_number));
  if (ttl.count() <= 0) client_.fail(what, Errc::kSessionLost, "it has ended");
  return ttl;
}

void RedisBackend::close_session(SessionId session) {
  ask({scripts().close, "close the session", "", Repeat::kHarmless}, {text(session)},
      &decode_number);
}

std::optional<Revision> RedisBackend::create(std::string_view key, std::string_view value,
                                             SessionId owner, const Guard& guard) {
  const What what{scripts().create, "create", key, Repeat::kNever};
  check_key(what);
  check_value(what, value);
  const auto answer =
      ask(what, {key, value, text(owner), guard.present, guard.empty_prefix}, &decode_number);
  if (answer < 0) client_.fail(what, Errc::kSessionLost, "its session has ended");
  return revision_or_none(answer);
}

std::optional<Revision> RedisBackend::replace(std::string_view key, std::string_view value,
                                              Revision expected) {
  const What what{scripts().replace, "replace", key, Repeat::kNever};
  check_key(what);
  check_value(what, value);
  return revision_or_none(ask(what, {key, value, std::to_string(expected)}, &decode_number));
}

bool RedisBackend::remove(std::string_view key, Revision expected, const Guard& guard) {
  const What what{scripts().remove, "remove", key, Repeat::kNever};
  check_key(what);
  return ask(what, {key, std::to_string(expected), guard.present, guard.empty_prefix},
             &decode_number) > 0;
}

std::optional<Entry> RedisBackend::get(std::string_view key) {
  const What what{scripts().get, "read", key, Repeat::kHarmless};
  check_key(what);
  return ask(what, {key}, [key](const Reply& reply) { return decode_entry(key, reply); });
}

Snapshot RedisBackend::list(std::string_view prefix) {
  const LexRange range = lex_range(prefix);
  return ask({scripts().list, "list", prefix, Repeat::kHarmless}, {range.first, range.end},
             &decode_snapshot);
}

Revision RedisBackend::wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
                            const std::stop_token& stop) {
  const What what{scripts().changes, "watch", prefix, Repeat::kHarmless};
  Subscriber::Place place(subscriber_, prefix);
  while (!stop.stop_requested() && env_.now() < deadline && place.ready(deadline, stop)) {
    const Recorded recorded = ask(what, {prefix, std::to_string(at)}, &decode_recorded);
    if (recorded.any) return at;
    place.note_unchanged(recorded.at);
    if (recorded.next_end) subscriber_.expect_end(env_.now() + *recorded.next_end);
    const bool changed = place.changed(deadline, stop);
    at = place.unchanged_until();
    if (changed) return at;
  }
  return at;
}

std::optional<Changes> RedisBackend::next_changes(std::string_view prefix, Revision at,
                                                  Env::TimePoint deadline, std::stop_token stop) {
  at = wait(prefix, at, deadline, stop);
  if (stop.stop_requested()) return Changes{{}, at};
  return ask({scripts().told, "watch", prefix, Repeat::kHarmless}, {prefix, std::to_string(at)},
             &decode_changes);
}

std::string RedisBackend::origin() {
  return ask({scripts().round, "read the origin", "", Repeat::kHarmless}, {}, &decode_round).origin;
}

}  // namespace
}  // namespace redis

std::unique_ptr<Backend> open_redis(Env& env, const Url& url) {
  return std::make_unique<redis::RedisBackend>(env, redis::options_from(url));
}

}  // namespace tooz
