#pragma once
#include "tooz/backend.h"
#include "tooz/drivers/redis/reply.h"

namespace tooz::redis {

/// What the scripts of scripts.h answer. All throw BadReply for any other shape.
std::int64_t decode_number(const Reply& reply);
std::string decode_text(const Reply& reply);
/// [meta, value] or nil.
std::optional<Entry> decode_entry(std::string_view key, const Reply& reply);
/// [revision, keys, metas, values]
Snapshot decode_snapshot(const Reply& reply);

/// `created:revision:owner`, as it stands beside each value.
struct Meta {
  Revision created = 0;
  Revision revision = 0;
  SessionId owner = SessionId::kNone;
};
Meta decode_meta(std::string_view text);

/// What a look at the record of changes says.
struct Recorded {
  bool any = false;                         ///< or maybe: the record is bounded
  std::optional<Env::Duration> next_end{};  ///< until the first session runs out
  Revision at = 0;                          ///< up to here
};
Recorded decode_recorded(const Reply& reply);
/// [revision, [[revision, created, key, meta, value]…]] or nil; no meta: written over since.
std::optional<Changes> decode_changes(const Reply& reply);

/// What a round for ended sessions says.
struct Round {
  std::string origin;
  std::optional<Env::Duration> next_end{};
};
Round decode_round(const Reply& reply);

/// What INFO says that matters here.
struct ServerInfo {
  int version = 0;      ///< the first number of it; 0: not told
  bool master = false;  ///< takes writes
  bool evicts = false;  ///< drops any key when it is short of memory
};
ServerInfo decode_info(std::string_view text);

/// The range of keys that begin with `prefix`, as ZRANGEBYLEX wants it.
struct LexRange {
  std::string first;
  std::string end;
};
LexRange lex_range(std::string_view prefix);

}  // namespace tooz::redis
