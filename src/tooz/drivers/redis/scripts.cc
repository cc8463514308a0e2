#include "tooz/drivers/redis/scripts.h"

#include <openssl/sha.h>

#include <array>
#include <cstdio>

namespace tooz::redis {
namespace {

// What is kept, all under KEYS[1]:
//   :state     hash: replid, origin, revision (the counter)
//   :index     sorted set of all keys, for ranges
//   :meta      hash: key → created:revision:owner
//   :value     hash: key → value
//   :sessions  sorted set: session → its end in ms of the server's clock
//   :leases    hash: session → its time to live in ms, for sessions that may be renewed
//   :owned:ID  set of the keys of a session
//   :changes   sorted set of the last changes: revision → revision:created:key; created 0: removed
// Nothing has a time to live of Redis' own: maxmemory-policy volatile-* evicts none of it.
//
// A server whose data may have gone back (another server after a failover, one that was started
// again) has another master_replid. Whoever comes first then takes another origin, moves the
// counter past the time in µs, so that no revision is given out twice, and lets no session of
// before be renewed: their keys stay until they run out, because their holders count on that.
constexpr const char* kPrelude = R"lua(
redis.replicate_commands()
local ns = KEYS[1]
local info = redis.call('INFO', 'replication')
if not string.find(info, 'role:master', 1, true) then
  return redis.error_reply('READONLY this server is no master')
end
local replid = string.match(info, 'master_replid:(%w+)')
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function text(number) return string.format('%.0f', number) end

local state = redis.call('HMGET', ns .. ':state', 'replid', 'origin', 'revision')
if state[1] ~= replid or not state[2] or not state[3] then
  local first = math.max(now * 1000, tonumber(state[3] or '0') + 1)
  state[2] = ARGV[1]
  redis.call('HMSET', ns .. ':state', 'replid', replid, 'origin', state[2], 'revision', text(first))
  redis.call('DEL', ns .. ':leases', ns .. ':changes')
end

local function changed(key, created)
  local revision = text(redis.call('HINCRBY', ns .. ':state', 'revision', 1))
  redis.call('ZADD', ns .. ':changes', revision,
             revision .. ':' .. (created or revision) .. ':' .. key)
  redis.call('ZREMRANGEBYRANK', ns .. ':changes', 0, -257)
  redis.call('PUBLISH', ARGV[2], revision .. ' ' .. key)
  return revision
end

local function meta(key)
  local found = redis.call('HGET', ns .. ':meta', key)
  if not found then return nil end
  return string.match(found, '^(%d+):(%d+):(%d+)$')
end

local function drop(key, owner)
  redis.call('HDEL', ns .. ':meta', key)
  redis.call('HDEL', ns .. ':value', key)
  redis.call('ZREM', ns .. ':index', key)
  if owner ~= '0' then redis.call('SREM', ns .. ':owned:' .. owner, key) end
  changed(key, '0')
end

local function finish(session)
  for _, key in ipairs(redis.call('SMEMBERS', ns .. ':owned:' .. session)) do
    local _, _, owner = meta(key)
    if owner == session then drop(key, owner) end
  end
  redis.call('DEL', ns .. ':owned:' .. session)
  redis.call('ZREM', ns .. ':sessions', session)
  redis.call('HDEL', ns .. ':leases', session)
end

local function next_end()
  local first = redis.call('ZRANGE', ns .. ':sessions', 0, 0, 'WITHSCORES')
  if not first[2] then return -1 end
  return math.max(0, tonumber(first[2]) - now)
end

local function allows(present, empty)
  if present ~= '' and redis.call('HEXISTS', ns .. ':meta', present) == 0 then return false end
  if empty == '' then return true end
  local after = redis.call('ZRANGEBYLEX', ns .. ':index', '(' .. empty, '+', 'LIMIT', 0, 1)[1]
  return not after or string.sub(after, 1, #empty) ~= empty
end

for _, session in ipairs(redis.call('ZRANGEBYSCORE', ns .. ':sessions', '-inf', text(now))) do
  finish(session)
end
)lua";

constexpr const char* kOpen = R"lua(
redis.call('ZADD', ns .. ':sessions', text(now + ARGV[4]), ARGV[3])
redis.call('HSET', ns .. ':leases', ARGV[3], ARGV[4])
return tonumber(ARGV[4])
)lua";

constexpr const char* kRenew = R"lua(
local ttl = redis.call('HGET', ns .. ':leases', ARGV[3])
if not ttl then return 0 end
redis.call('ZADD', ns .. ':sessions', text(now + ttl), ARGV[3])
return tonumber(ttl)
)lua";

constexpr const char* kClose = R"lua(
finish(ARGV[3])
return 1
)lua";

constexpr const char* kCreate = R"lua(
local key, owner = ARGV[3], ARGV[5]
if owner ~= '0' and redis.call('HEXISTS', ns .. ':leases', owner) == 0 then return -1 end
if redis.call('HEXISTS', ns .. ':meta', key) == 1 or not allows(ARGV[6], ARGV[7]) then return 0 end
local revision = changed(key)
redis.call('HSET', ns .. ':meta', key, revision .. ':' .. revision .. ':' .. owner)
redis.call('HSET', ns .. ':value', key, ARGV[4])
redis.call('ZADD', ns .. ':index', 0, key)
if owner ~= '0' then redis.call('SADD', ns .. ':owned:' .. owner, key) end
return tonumber(revision)
)lua";

constexpr const char* kReplace = R"lua(
local key = ARGV[3]
local created, stands, owner = meta(key)
if stands ~= ARGV[5] then return 0 end
local revision = changed(key, created)
redis.call('HSET', ns .. ':meta', key, created .. ':' .. revision .. ':' .. owner)
redis.call('HSET', ns .. ':value', key, ARGV[4])
return tonumber(revision)
)lua";

constexpr const char* kRemove = R"lua(
local _, stands, owner = meta(ARGV[3])
if stands ~= ARGV[4] or not allows(ARGV[5], ARGV[6]) then return 0 end
drop(ARGV[3], owner)
return 1
)lua";

constexpr const char* kGet = R"lua(
local found = redis.call('HGET', ns .. ':meta', ARGV[3])
if not found then return false end
return {found, redis.call('HGET', ns .. ':value', ARGV[3])}
)lua";

// In slices, because Lua's stack does not take any number of arguments.
constexpr const char* kList = R"lua(
local keys = redis.call('ZRANGEBYLEX', ns .. ':index', ARGV[3], ARGV[4])
local function all(hash)
  local found = {}
  for first = 1, #keys, 1000 do
    local last = math.min(first + 999, #keys)
    for _, one in ipairs(redis.call('HMGET', ns .. hash, unpack(keys, first, last))) do
      found[#found + 1] = one
    end
  end
  return found
end
return {tonumber(redis.call('HGET', ns .. ':state', 'revision')), keys, all(':meta'), all(':value')}
)lua";

// What happened under a prefix since a revision; nil: the record does not reach back so far.
constexpr const char* kRecord = R"lua(
local prefix, at = ARGV[3], tonumber(ARGV[4])
local last = tonumber(redis.call('HGET', ns .. ':state', 'revision'))
local function record()
  local since = redis.call('ZRANGEBYSCORE', ns .. ':changes', '(' .. ARGV[4], '+inf')
  if #since ~= last - at then return nil end
  local found = {}
  for _, change in ipairs(since) do
    local revision, created, key = string.match(change, '^(%d+):(%d+):(.*)$')
    if string.sub(key, 1, #prefix) == prefix then
      found[#found + 1] = {revision, created, key}
    end
  end
  return found
end
)lua";

constexpr const char* kChanges = R"lua(
local found = record()
return {(found and #found == 0) and 0 or 1, next_end(), last}
)lua";

constexpr const char* kTold = R"lua(
local found = record()
if not found then return false end
for _, change in ipairs(found) do
  local stands = redis.call('HGET', ns .. ':meta', change[3])
  if stands and string.find(stands, ':' .. change[1] .. ':', 1, true) then
    change[4] = stands
    change[5] = redis.call('HGET', ns .. ':value', change[3])
  end
end
return {last, found}
)lua";

constexpr const char* kRound = R"lua(
return {state[2], next_end()}
)lua";

Script make(const std::string& body) {
  Script script{kPrelude + body, {}};
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(script.text.data()), script.text.size(),
       digest.data());
  for (const unsigned char byte : digest) {
    std::array<char, 3> hex{};
    std::snprintf(hex.data(), hex.size(), "%02x", byte);
    script.sha1 += hex.data();
  }
  return script;
}

}  // namespace

const Scripts& scripts() {
  static const Scripts all{
      .open = make(kOpen),
      .renew = make(kRenew),
      .close = make(kClose),
      .create = make(kCreate),
      .replace = make(kReplace),
      .remove = make(kRemove),
      .get = make(kGet),
      .list = make(kList),
      .changes = make(std::string(kRecord) + kChanges),
      .told = make(std::string(kRecord) + kTold),
      .round = make(kRound),
  };
  return all;
}

}  // namespace tooz::redis
