#pragma once
#include <array>
#include <string>
#include <string_view>

namespace tooz {

/// Error{kBadName}, naming what it is, if `name` cannot be a group, a member or a lock on every
/// driver: empty, longer than 512 bytes, with '/' or NUL, or not UTF-8.
void check_name(std::string_view what, std::string_view name);

/// Where things stand in the backend. The first four are those of Python's tooz on etcd; nothing
/// that it does not know may stand under `tooz/groups/` and `/tooz/locks`.
constexpr std::string_view kGroupsPrefix = "tooz/groups/";
std::string group_key(std::string_view group);  ///< also the prefix of its members
std::string member_key(std::string_view group, std::string_view member);

/// The keys of one lock or election.
struct LockKeys {
  std::string holder;  ///< who has written this key has the lock
  std::string queue;   ///< prefix; below it one key for each who waits, and for each reader
};
LockKeys lock_keys(std::string_view lock);
LockKeys election_keys(std::string_view group);
std::string semaphore_prefix(std::string_view semaphore);  ///< of its places

/// The parts of the backend in which keys stand that somebody holds.
constexpr std::array<std::string_view, 5> kHeldParts{
    "/tooz/locks", "tooz-cc/lock/", "tooz-cc/election/", "tooz-cc/semaphore/", kGroupsPrefix};

/// How the last part of a place's key begins. A guard on the first letter covers both of a kind.
constexpr std::string_view kWriter = "w-";
constexpr std::string_view kDelayedWriter = "wk-";  ///< its holder keeps it, for the lock delay
constexpr std::string_view kReader = "r-";
constexpr std::string_view kDelayedReader = "rk-";

/// The record of who uses a member id.
std::string identity_key(std::string_view member);

}  // namespace tooz
