#pragma once
#include "http/server.h"

#include <string>

namespace inspector {

/// The options that a server is made of, as texts name them.
struct ServerNames {
  std::string address;      ///< and port: `[DEFAULT]listen_address, listen_port`
  std::string unix_socket;  ///< `[DEFAULT]listen_unix_socket`
  std::string section;      ///< of its certificate: `[ssl]`
};

/// Listens. What keeps it from that is a std::runtime_error with the option in front.
http::Server named_server(const ServerNames& names, http::ServerOptions options,
                          http::Handler handler, http::Router router);

}  // namespace inspector
