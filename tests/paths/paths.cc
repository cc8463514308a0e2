#include "tests/paths/paths.h"

namespace support {

std::string source_path(std::string_view name) {
  return std::string(TOOZ_SOURCE_DIR "/").append(name);
}

std::string built_path(std::string_view name) { return std::string(TOOZ_BIN_DIR "/").append(name); }

}  // namespace support
