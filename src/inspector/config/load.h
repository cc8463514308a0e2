#pragma once
#include "inspector/config/api.h"
#include "inspector/config/command_line.h"
#include "inspector/config/conductor.h"
#include "inspector/config/coordination.h"
#include "inspector/config/database.h"
#include "inspector/config/files.h"
#include "inspector/config/ironic.h"
#include "inspector/config/log.h"
#include "inspector/config/mdns.h"
#include "inspector/config/processing.h"
#include "inspector/config/pxe_filter.h"
#include "inspector/config/rpc.h"
#include "inspector/config/swift.h"

#include <string>
#include <vector>

namespace inspector {

enum class Service { kStandalone, kConductor, kApi };
std::string_view program_name(Service service) noexcept;

/// Everything that a service is told, read and checked once at start.
struct Config {
  ApiOptions api;
  ConductorOptions conductor;
  DatabaseOptions database;
  CoordinationOptions coordination;
  RpcOptions rpc;
  IronicOptions ironic;
  ProcessingOptions processing;
  SwiftOptions swift;  ///< read when data is stored there
  PxeFilterOptions pxe_filter;
  MdnsOptions mdns;
  base::LogOptions log;
  std::vector<std::string> warnings;  ///< one line each, for the log
  std::vector<std::string> settings;  ///< what is set, for the log at debug; see log_options
};

/// Reads files and command line. Throws base::ConfigError whose what() is the one line for the
/// operator; the wrong `standalone` for `service` has upstream's text.
Config load_config(Service service, const CommandLine& line,
                   const SearchPaths& paths = default_search_paths());

/// Sets the log up and writes the warnings to it. Throws std::runtime_error naming the file.
void begin_log(const Config& config);

}  // namespace inspector
