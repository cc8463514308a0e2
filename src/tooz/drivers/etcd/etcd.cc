#include "tooz/drivers/etcd/etcd.h"

#include "tooz/drivers/etcd/client.h"
#include "tooz/drivers/etcd/origin.h"
#include "tooz/drivers/etcd/watch.h"

#include <algorithm>

namespace tooz {
namespace etcd {
namespace {

constexpr std::string_view kRange = "/etcdserverpb.KV/Range";
constexpr std::string_view kTxn = "/etcdserverpb.KV/Txn";
constexpr std::string_view kGrant = "/etcdserverpb.Lease/LeaseGrant";
constexpr std::string_view kRevoke = "/etcdserverpb.Lease/LeaseRevoke";
constexpr std::string_view kKeepAlive = "/etcdserverpb.Lease/LeaseKeepAlive";

class EtcdBackend final : public Backend {
 public:
  EtcdBackend(Env& env, Options options)
      : client_(env, std::move(options)), origin_(client_), watches_(client_) {}

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
                   std::stop_token stop) override;
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
    if (value.size() > kEtcdFeatures.max_value)
      client_.fail(what, Errc::kTooLarge, std::to_string(value.size()) + " bytes");
  }
  template <class Decode>
  auto ask(const What& what, std::string message, Decode decode) {
    return client_.decoded(what, client_.call(what, std::move(message)).message, decode);
  }

  Client client_;
  Origin origin_;
  Watches watches_;
};

Session EtcdBackend::open_session(Env::Duration wanted) {
  const auto seconds =
      std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wanted).count());
  const Session session =
      ask({kGrant, "open a session", "", Repeat::kHarmless}, encode_grant(seconds), &decode_grant);
  origin_.forget();
  return session;
}

Env::Duration EtcdBackend::renew(SessionId session) {
  const What what{kKeepAlive, "renew the session", "", Repeat::kHarmless};
  const std::int64_t seconds = ask(what, encode_keep_alive(session), &decode_keep_alive);
  if (seconds > 0) return std::chrono::seconds(seconds);
  origin_.forget();
  client_.fail(what, Errc::kSessionLost, "the server does not know it any more");
}

void EtcdBackend::close_session(SessionId session) {
  try {
    client_.call({kRevoke, "close the session", "", Repeat::kHarmless}, encode_revoke(session));
  } catch (const Error& e) {
    if (e.code() != Errc::kSessionLost) throw;  // it has ended already
  }
}

std::optional<Revision> EtcdBackend::create(std::string_view key, std::string_view value,
                                            SessionId owner, const Guard& guard) {
  const What what{kTxn, "create", key, Repeat::kNever};
  check_key(what);
  check_value(what, value);
  const TxnReply reply = ask(what, encode_create(key, value, owner, guard), &decode_txn);
  return reply.succeeded ? std::optional(reply.revision) : std::nullopt;
}

std::optional<Revision> EtcdBackend::replace(std::string_view key, std::string_view value,
                                             Revision expected) {
  const What what{kTxn, "replace", key, Repeat::kNever};
  check_key(what);
  check_value(what, value);
  if (expected <= 0) return std::nullopt;  // etcd takes 0 for "absent"
  const TxnReply reply = ask(what, encode_replace(key, value, expected), &decode_txn);
  return reply.succeeded ? std::optional(reply.revision) : std::nullopt;
}

bool EtcdBackend::remove(std::string_view key, Revision expected, const Guard& guard) {
  const What what{kTxn, "remove", key, Repeat::kNever};
  check_key(what);
  if (expected <= 0) return false;
  return ask(what, encode_remove(key, expected, guard), &decode_txn).succeeded;
}

std::optional<Entry> EtcdBackend::get(std::string_view key) {
  const What what{kRange, "read", key, Repeat::kHarmless};
  check_key(what);
  Snapshot found = ask(what, encode_get(key), &decode_range);
  if (found.entries.empty()) return std::nullopt;
  return std::move(found.entries.front());
}

Snapshot EtcdBackend::list(std::string_view prefix) {
  return ask({kRange, "list", prefix, Repeat::kHarmless}, encode_list(prefix), &decode_range);
}

void EtcdBackend::wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                              std::stop_token stop) {
  watches_.wait({prefix, at, deadline, std::move(stop)});
}

std::optional<Changes> EtcdBackend::next_changes(std::string_view prefix, Revision at,
                                                 Env::TimePoint deadline, std::stop_token stop) {
  return watches_.wait({prefix, at, deadline, std::move(stop)});
}

std::string EtcdBackend::origin() { return origin_.get(); }

}  // namespace
}  // namespace etcd

std::unique_ptr<Backend> open_etcd(Env& env, const Url& url) {
  return std::make_unique<etcd::EtcdBackend>(env, etcd::options_from(url));
}

}  // namespace tooz
