#include "tests/support/flushing.h"

#include <cstdlib>

namespace support {

bool flushing() { return std::getenv("TOOZ_FLUSHING") != nullptr; }

}  // namespace support
