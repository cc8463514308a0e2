#pragma once
#include "tooz/backend.h"
#include "tooz/drivers/etcd/grpc_status.h"
#include "tooz/error.h"

#include <stdexcept>

namespace tooz::etcd {

/// A reply that is not what etcd's API says.
class BadReply : public std::runtime_error {
 public:
  BadReply() : std::runtime_error("the server's answer cannot be understood") {}
};

/// The least key that is greater than all keys that start with `prefix`, as etcd wants it: a zero
/// byte when there is none.
std::string range_end(std::string_view prefix);

// Requests. Each returns the encoded message.
std::string encode_create(std::string_view key, std::string_view value, SessionId owner,
                          const Guard& guard);
/// Like a create without owner and guard, but its answer also brings what stands there already.
std::string encode_create_or_get(std::string_view key, std::string_view value);
std::string encode_replace(std::string_view key, std::string_view value, Revision expected);
std::string encode_remove(std::string_view key, Revision expected, const Guard& guard);
std::string encode_get(std::string_view key);
std::string encode_list(std::string_view prefix);
/// Asks for nothing but whether `prefix` may be read.
std::string encode_probe(std::string_view prefix);
std::string encode_watch(std::string_view prefix, Revision from);
std::string encode_grant(std::int64_t seconds);
std::string encode_keep_alive(SessionId session);
std::string encode_revoke(SessionId session);
std::string encode_authenticate(const std::string& user, const std::string& password);

// Replies. All throw BadReply.
struct TxnReply {
  bool succeeded = false;
  Revision revision = 0;
  std::vector<Entry> entries;  ///< what a range of the transaction found
};
struct WatchReply {
  bool created = false;
  bool canceled = false;
  std::vector<Change> changes;
  Revision compacted = 0;  ///< not 0: the revision asked for is gone
  Revision revision = 0;   ///< the server's
  std::string reason;      ///< of a cancellation
};
TxnReply decode_txn(const std::string& reply);
Snapshot decode_range(const std::string& reply);
WatchReply decode_watch(const std::string& reply);
Session decode_grant(const std::string& reply);
std::int64_t decode_keep_alive(const std::string& reply);  ///< seconds; 0 or less: no such lease
std::string decode_token(const std::string& reply);

/// The server does not take the token (any more): log in again.
bool token_refused(const Status& status) noexcept;
/// The server knows no users: go on without a token.
bool login_not_needed(const Status& status) noexcept;
/// What a refusal means to the callers of a Backend.
Errc errc_of(const Status& status) noexcept;

}  // namespace tooz::etcd
