#pragma once
#include <string_view>

namespace inspector {

/// Tells systemd how the service is (`READY=1`, `STOPPING=1`): one datagram to NOTIFY_SOCKET, when
/// that is set. Failures are ignored: the service works without.
void notify_systemd(std::string_view state) noexcept;

/// Raises the number of files that the process may open to what its hard limit allows: each
/// connection is one.
void raise_file_limit() noexcept;

/// Has the heap keep some megabytes of what is freed, for the whole process: ADR 18. Before other
/// threads allocate.
void keep_freed_memory() noexcept;

}  // namespace inspector
