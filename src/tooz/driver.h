#pragma once
#include "tooz/backend.h"

#include <cstddef>
#include <span>

namespace tooz {

struct Url;  // url.h: scheme, hosts, path, options; already checked

/// What a backend promises. The conformance suite holds each driver to its own line of this table.
struct Features {
  bool survives_restart = false;  ///< keys outlive a restart of the server
  bool linearizable = false;      ///< a read sees every write acknowledged before it began
  bool notifies = false;          ///< wait_change() is woken by the backend, not by polling
  bool evicts = false;            ///< the server may drop live keys when it is short of memory
  bool across_hosts = true;
  std::size_t max_value = 0;  ///< bytes

  bool operator==(const Features&) const = default;
};

struct Driver {
  std::string_view scheme;
  Features features;
  std::unique_ptr<Backend> (*open)(Env& env,
                                   const Url& url);  ///< throws Error{kBadUrl}; no I/O yet
};

/// The drivers of this build, one line each in drivers/all.cc; nothing registers itself.
std::span<const Driver> drivers() noexcept;

/// The schemes of those that were left out of this build (CMake's TOOZ_WITH_...=OFF).
std::span<const std::string_view> drivers_left_out() noexcept;

}  // namespace tooz
