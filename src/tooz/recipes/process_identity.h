#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tooz {

/// Who runs under a member id; stands in the backend so that a successor can tell whether it still
/// does.
struct ProcessIdentity {
  std::string host;
  std::string boot_id;        ///< another one after each start of the machine
  std::string pid_namespace;  ///< the kernel's number of it: elsewhere pids mean something else
  std::int64_t pid = 0;
  std::int64_t start_time = 0;  ///< in clock ticks since boot: pids are used again

  std::string text() const;  ///< `process 17 on host a`
};

/// What a coordinator knows of processes. Tests and simulations bring their own.
struct Processes {
  ProcessIdentity self;
  /// Whether such a process runs; nullopt: it is out of sight, on another machine or in another
  /// container.
  std::function<std::optional<bool>(const ProcessIdentity&)> runs;
};

/// From /proc. What cannot be read is empty, and then nobody takes us for dead.
Processes system_processes();

/// The record `tooz-cc/member/<id>`.
struct IdentityRecord {
  ProcessIdentity process;
  std::string coordinator;       ///< a random text for each coordinator
  std::int64_t incarnation = 0;  ///< counts its leases
};
std::string encode(const IdentityRecord& record);
std::optional<IdentityRecord> decode_identity(
    std::string_view bytes);  ///< nullopt: not one of ours

}  // namespace tooz
