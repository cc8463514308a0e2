#pragma once
#include <string>

namespace tooz::redis {

/// A program that the server runs as one step. KEYS[1] is what all our keys begin with; ARGV[1] the
/// text to take for an origin if a new one is needed, ARGV[2] the channel that tells of changed
/// keys; what follows stands with each.
struct Script {
  std::string text;
  std::string sha1;  ///< by which the server knows it, in hex
};

/// Each first ends the sessions that have run out, so it is the server's clock alone that counts.
struct Scripts {
  Script open;    ///< session, ms → ms
  Script renew;   ///< session → ms; 0: it has ended
  Script close;   ///< session → 1
  Script create;  ///< key, value, owner, present, empty prefix → revision; 0: no; -1: owner ended
  Script replace;  ///< key, value, expected → revision; 0: no
  Script remove;   ///< key, expected, present, empty prefix → 1; 0: no
  Script get;      ///< key → [meta, value] or nil
  Script list;     ///< range of keys, first and end → [revision, keys, metas, values]
  Script changes;  ///< prefix, revision → [changed since?, ms until the next session ends]
  Script told;  ///< prefix, revision → [revision, [[revision, created, key, meta, value]…]] or nil
  Script round;  ///< → [origin, ms until the next session ends]
};

const Scripts& scripts();

}  // namespace tooz::redis
