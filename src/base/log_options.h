#pragma once
#include "base/log.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

namespace base {

inline constexpr std::string_view kLogFormat =
    "%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [-] %(instance)s%(message)s";
inline constexpr std::string_view kLogContextFormat =
    "%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [%(global_request_id)s "
    "%(request_id)s %(user_identity)s] %(instance)s%(message)s";
inline constexpr std::string_view kLogDebugSuffix = "%(funcName)s %(pathname)s:%(lineno)d";
inline constexpr std::string_view kLogExceptionPrefix =
    "%(asctime)s.%(msecs)03d %(process)d ERROR %(name)s %(instance)s";
inline constexpr std::string_view kLogUserIdentityFormat =
    "%(user)s %(project)s %(domain)s %(system_scope)s %(user_domain)s %(project_domain)s";
inline constexpr std::string_view kLogDateFormat = "%Y-%m-%d %H:%M:%S";

struct LogHandler;

/// A logger as Python's logging has them.
struct LogLogger {
  std::string name;                   ///< of components (see LogRoutes); empty: the root
  std::optional<LogLevel> least;      ///< not set: that of the logger above it
  std::vector<std::size_t> handlers;  ///< their places in LogOptions::handlers
  bool propagate = true;              ///< to the handlers of the loggers above it
};

/// Where lines go and how they look; oslo.log's options of the same names. The default, before any
/// call, is text on stderr from level info on.
struct LogOptions {
  bool debug = false;
  bool json = false;

  /// Empty: none. A file that somebody has moved away or removed is made again.
  std::string file;
  enum class Rotation : std::uint8_t { kNone, kSize, kInterval } rotation = Rotation::kNone;
  std::uint64_t rotate_bytes = 0;       ///< kSize: no file grows beyond it
  std::chrono::seconds rotate_every{};  ///< kInterval; old files get the time of their first line
  bool rotate_at_midnight = false;      ///< kInterval: of the local day, whatever `rotate_every` is
  std::optional<int> rotate_weekday;    ///< kInterval: at its end; 0 is Monday
  std::uint32_t rotated_files = 30;     ///< that many old ones are kept; 0: kInterval keeps all

  std::optional<std::string> syslog;  ///< the facility, as LOG_USER or daemon
  bool journal = false;               ///< systemd's
  bool to_stderr = false;  ///< also where there is another place; alone, it needs no asking
  bool to_stdout = false;
  bool nowhere = false;    ///< not even to stderr
  std::string identifier;  ///< the program's name in syslog and journal

  /// Python's forms: %(asctime)s %(msecs)03d %(process)d %(levelname)s %(name)s %(message)s … (see
  /// log_format.h); date_format is strftime's. Not used for JSON.
  std::string format = std::string(kLogFormat);
  std::string context_format = std::string(kLogContextFormat);  ///< of lines of a request
  std::string debug_suffix = std::string(kLogDebugSuffix);      ///< behind lines at debug
  std::string exception_prefix = std::string(kLogExceptionPrefix);
  std::string user_identity_format = std::string(kLogUserIdentityFormat);
  std::string date_format = std::string(kLogDateFormat);  ///< empty: as Python has it unasked
  bool sums_up = true;  ///< an exception's summary stands behind the text

  /// %(instance)s of a line about a node. Nothing when not set: such a line begins with the node
  /// anyway. The second is for lines that know no more of it than its UUID.
  std::optional<std::string> instance_format;
  std::optional<std::string> instance_uuid_format;

  /// The level from which lines of a component are written whose name begins with this one, whole
  /// words; `debug` decides about all others.
  std::vector<std::pair<std::string, LogLevel>> levels;

  /// By log_config_append: with any, they and the loggers take the place of the destinations and
  /// levels above.
  std::vector<LogHandler> handlers;
  std::vector<LogLogger> loggers;

  /// Of lines below `limit_except`, at most `limit_burst` within `limit_interval`; 0: no limit.
  std::chrono::seconds limit_interval{};
  std::uint32_t limit_burst = 0;
  LogLevel limit_except = LogLevel::kCritical;
};

struct LogHandler {
  LogOptions place;  ///< one destination and its form
  LogLevel least = LogLevel::kDebug;
};

/// Throws std::runtime_error naming the file, or the part of the format or the facility that is
/// wrong; the log then stays as it was. Call it again to change it.
void configure_log(const LogOptions& options);

}  // namespace base
