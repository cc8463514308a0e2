#pragma once
#include "base/env.h"

#include <string>
#include <string_view>

namespace inspector {

struct RamdiskLogsOptions {
  std::string directory;  ///< empty: logs are not kept
  std::string filename_format = "{uuid}_{dt:%Y%m%d-%H%M%S.%f}.tar.gz";
  bool always = false;  ///< also after success
};

/// What the name of a log file can tell; empty values appear as `unknown`.
struct LogOrigin {
  std::string uuid;
  std::string bmc;
  std::string mac;  ///< without colons
};

/// Fills `{uuid}`, `{bmc}`, `{mac}` and `{dt:STRFTIME}` (with Python's `%f`, microseconds; `{dt}`
/// alone is the time in ISO form); `{{` and `}}` are braces. Path separators in values become `_`.
/// Throws std::invalid_argument for any other field.
std::string log_file_name(std::string_view format, const LogOrigin& origin,
                          base::Env::WallTime time);

/// Writes the logs that a ramdisk sent (base64 of a tar.gz) into the configured folder. The folder
/// is made when missing; a name cannot lead out of it. Never throws: what goes wrong is logged.
void store_ramdisk_logs(const RamdiskLogsOptions& options, std::string_view base64,
                        const LogOrigin& origin, base::Env::WallTime time) noexcept;

}  // namespace inspector
