#pragma once
#include <cstdint>

namespace support {

/// A TCP port on 127.0.0.1 where nobody listens. Somebody else may take it before the caller does:
/// rare, because the system hands them out in turn. Throws std::runtime_error.
std::uint16_t free_port();

}  // namespace support
