#pragma once
#include "base/env.h"

#include <string>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

struct CommandLine;
struct SearchPaths;

/// [oslo_policy]remote_*: how servers that checks name are asked
struct RemotePolicyOptions {
  bool as_json = false;             ///< remote_content_type; else as a form
  bool verify = false;              ///< remote_ssl_verify_server_crt
  std::string ca_file;              ///< remote_ssl_ca_crt_file
  std::string cert_file, key_file;  ///< remote_ssl_client_crt_file, remote_ssl_client_key_file
  base::Env::Duration timeout = std::chrono::seconds(60);
};

/// [oslo_policy]
struct PolicyOptions {
  /// Where the file may be: the first that is there counts. None there: the defaults hold.
  std::vector<std::string> files;
  std::vector<std::string> dirs;  ///< each with any number of files, read after `files`
  bool enforce_new_defaults = true;
  std::string default_rule = "default";  ///< for what has no rule
  RemotePolicyOptions remote;
};

/// Reads; throws base::ConfigError. Whether the files are there is looked at by who uses them.
PolicyOptions read_policy(const base::Ini& ini, const CommandLine& line, const SearchPaths& paths);

}  // namespace inspector
