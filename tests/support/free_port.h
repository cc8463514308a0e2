#pragma once
#include <cstdint>

namespace support {

/// A TCP port on 127.0.0.1 where nobody listens, by chance, and none that the system gives to
/// outgoing connections: a server that is stopped finds it free when it starts again. Somebody else
/// may take it before the caller does: rare. Throws std::runtime_error.
std::uint16_t free_port();

}  // namespace support
