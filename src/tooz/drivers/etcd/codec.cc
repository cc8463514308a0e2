#include "tooz/drivers/etcd/codec.h"

#include "etcd.pb.h"

namespace tooz::etcd {
namespace {

namespace pb = etcdserverpb;

constexpr std::int64_t kLongestLease = 9'000'000'000;  ///< seconds; etcd's own bound

// Begin and end of the range of all keys there are.
const std::string kZero(1, '\0');

template <class Message>
Message decode(const std::string& bytes) {
  Message message;
  if (!message.ParseFromString(bytes)) throw BadReply();
  return message;
}

std::int64_t lease_of(SessionId session) { return static_cast<std::int64_t>(session); }

template <class RangeLike>
void set_prefix(RangeLike& range, std::string_view prefix) {
  range.set_key(prefix.empty() ? kZero : std::string(prefix));
  range.set_range_end(range_end(prefix));
}

Entry entry_of(const pb::KeyValue& kv) {
  return {kv.key(), kv.value(), SessionId(static_cast<std::uint64_t>(kv.lease())),
          kv.create_revision(), kv.mod_revision()};
}

void compare_created(pb::TxnRequest& txn, std::string key, pb::Compare::Result result) {
  pb::Compare& compare = *txn.add_compare();
  compare.set_key(std::move(key));
  compare.set_target(pb::Compare::CREATE);
  compare.set_result(result);
  compare.set_create_revision(0);
}

void compare_revision(pb::TxnRequest& txn, std::string_view key, Revision expected) {
  pb::Compare& compare = *txn.add_compare();
  compare.set_key(std::string(key));
  compare.set_target(pb::Compare::MOD);
  compare.set_result(pb::Compare::EQUAL);
  compare.set_mod_revision(expected);
}

void add_guard(pb::TxnRequest& txn, const Guard& guard) {
  if (!guard.present.empty())
    compare_created(txn, std::string(guard.present), pb::Compare::GREATER);
  if (guard.empty_prefix.empty()) return;
  // Holds for each key of the range, and so for an empty one: none exists after the prefix itself.
  compare_created(txn, std::string(guard.empty_prefix) + '\0', pb::Compare::EQUAL);
  txn.mutable_compare(txn.compare_size() - 1)->set_range_end(range_end(guard.empty_prefix));
}

pb::PutRequest& add_put(pb::TxnRequest& txn, std::string_view key, std::string_view value) {
  pb::PutRequest& put = *txn.add_success()->mutable_request_put();
  put.set_key(std::string(key));
  put.set_value(std::string(value));
  return put;
}

bool contains(const Status& status, std::string_view text) {
  return status.message.find(text) != std::string::npos;
}

}  // namespace

std::string range_end(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff')
    end.pop_back();
  if (end.empty()) return kZero;
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::string encode_create(std::string_view key, std::string_view value, SessionId owner,
                          const Guard& guard) {
  pb::TxnRequest txn;
  compare_created(txn, std::string(key), pb::Compare::EQUAL);
  add_guard(txn, guard);
  add_put(txn, key, value).set_lease(lease_of(owner));
  return txn.SerializeAsString();
}

std::string encode_create_or_get(std::string_view key, std::string_view value) {
  pb::TxnRequest txn;
  compare_created(txn, std::string(key), pb::Compare::EQUAL);
  add_put(txn, key, value);
  txn.add_failure()->mutable_request_range()->set_key(std::string(key));
  return txn.SerializeAsString();
}

std::string encode_replace(std::string_view key, std::string_view value, Revision expected) {
  pb::TxnRequest txn;
  compare_revision(txn, key, expected);
  add_put(txn, key, value).set_ignore_lease(true);  // a plain put would take the key off its lease
  return txn.SerializeAsString();
}

std::string encode_remove(std::string_view key, Revision expected, const Guard& guard) {
  pb::TxnRequest txn;
  compare_revision(txn, key, expected);
  add_guard(txn, guard);
  txn.add_success()->mutable_request_delete_range()->set_key(std::string(key));
  return txn.SerializeAsString();
}

std::string encode_get(std::string_view key) {
  pb::RangeRequest range;
  range.set_key(std::string(key));
  return range.SerializeAsString();
}

std::string encode_list(std::string_view prefix) {
  pb::RangeRequest range;
  set_prefix(range, prefix);
  return range.SerializeAsString();
}

std::string encode_probe(std::string_view prefix) {
  pb::RangeRequest range;
  set_prefix(range, prefix);
  range.set_count_only(true);
  return range.SerializeAsString();
}

std::string encode_watch(std::string_view prefix, Revision from) {
  pb::WatchRequest watch;
  set_prefix(*watch.mutable_create_request(), prefix);
  watch.mutable_create_request()->set_start_revision(from);
  return watch.SerializeAsString();
}

std::string encode_grant(std::int64_t seconds) {
  pb::LeaseGrantRequest grant;
  grant.set_ttl(seconds);
  return grant.SerializeAsString();
}

std::string encode_keep_alive(SessionId session) {
  pb::LeaseKeepAliveRequest keep;
  keep.set_id(lease_of(session));
  return keep.SerializeAsString();
}

std::string encode_revoke(SessionId session) {
  pb::LeaseRevokeRequest revoke;
  revoke.set_id(lease_of(session));
  return revoke.SerializeAsString();
}

std::string encode_authenticate(const std::string& user, const std::string& password) {
  pb::AuthenticateRequest login;
  login.set_name(user);
  login.set_password(password);
  return login.SerializeAsString();
}

TxnReply decode_txn(const std::string& reply) {
  const auto txn = decode<pb::TxnResponse>(reply);
  TxnReply result{txn.succeeded(), txn.header().revision(), {}};
  for (const pb::ResponseOp& response : txn.responses())
    for (const pb::KeyValue& kv : response.response_range().kvs())
      result.entries.push_back(entry_of(kv));
  return result;
}

Snapshot decode_range(const std::string& reply) {
  const auto range = decode<pb::RangeResponse>(reply);
  Snapshot snapshot;
  snapshot.at = range.header().revision();
  for (const pb::KeyValue& kv : range.kvs())
    snapshot.entries.push_back(entry_of(kv));
  return snapshot;
}

WatchReply decode_watch(const std::string& reply) {
  const auto watch = decode<pb::WatchResponse>(reply);
  WatchReply result{watch.created(),          watch.canceled(),          {},
                    watch.compact_revision(), watch.header().revision(), watch.cancel_reason()};
  for (const pb::Event& event : watch.events())
    result.changes.push_back({entry_of(event.kv()), event.type() == pb::Event::DELETE});
  return result;
}

Session decode_grant(const std::string& reply) {
  const auto grant = decode<pb::LeaseGrantResponse>(reply);
  if (grant.id() == 0 || grant.ttl() <= 0 || grant.ttl() > kLongestLease) throw BadReply();
  return {SessionId(static_cast<std::uint64_t>(grant.id())), std::chrono::seconds(grant.ttl())};
}

std::int64_t decode_keep_alive(const std::string& reply) {
  const std::int64_t seconds = decode<pb::LeaseKeepAliveResponse>(reply).ttl();
  if (seconds > kLongestLease) throw BadReply();
  return seconds;
}

std::string decode_token(const std::string& reply) {
  return decode<pb::AuthenticateResponse>(reply).token();
}

bool token_refused(const Status& status) noexcept {
  if (status.code == Code::kUnauthenticated) return true;
  return status.code == Code::kInvalidArgument && contains(status, "revision of auth store is old");
}

bool login_not_needed(const Status& status) noexcept {
  return status.code == Code::kFailedPrecondition && contains(status, "not enabled");
}

Errc errc_of(const Status& status) noexcept {
  switch (status.code) {
    case Code::kPermissionDenied:
    case Code::kUnauthenticated:
      return Errc::kDenied;
    case Code::kNotFound:
      return contains(status, "lease") ? Errc::kSessionLost : Errc::kUnreachable;
    case Code::kInvalidArgument:
      // etcd tells of a wrong password, a missing login and an oversized request with this code.
      if (contains(status, "too large")) return Errc::kTooLarge;
      if (contains(status, "user") || contains(status, "authentication")) return Errc::kDenied;
      return Errc::kUnsuitable;
    case Code::kFailedPrecondition:
      return contains(status, "auth") ? Errc::kDenied : Errc::kUnreachable;
    case Code::kResourceExhausted:
      return contains(status, "too many requests") ? Errc::kUnreachable : Errc::kTooLarge;
    case Code::kUnimplemented:
      return Errc::kUnsuitable;
    default:
      return Errc::kUnreachable;  // the one that promises nothing
  }
}

}  // namespace tooz::etcd
