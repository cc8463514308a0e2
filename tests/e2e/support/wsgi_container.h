#pragma once
#include "tests/e2e/support/deployment.h"

#include <functional>
#include <map>

namespace e2e {

/// How one of Debian's WSGI containers serves the API with two workers, on any free port.
struct WsgiContainer {
  std::string name;
  std::vector<std::string> needs;  ///< files without which it is not installed
  std::map<std::string, std::string> environment;
  bool ends_without_application = true;  ///< as soon as it is clear that it cannot be loaded

  struct Place {
    std::filesystem::path folder;  ///< for its files; everybody can read it
    std::uint16_t port = 0;
  };
  /// Writes what it needs into the folder and returns the command that runs it in the foreground.
  std::function<Words(const Place&)> command;
  /// Has all its workers replaced by new ones without failing a request.
  std::function<void(Process& container, const std::vector<pid_t>& workers)> restart;

  bool installed() const;
  /// For the command: `config` is the application's configuration.
  std::map<std::string, std::string> environment_with(const std::string& config) const;
};

/// `mount`: path under which the application is; empty: at the root.
WsgiContainer uwsgi_container(const Words& more, const std::string& mount = "");
WsgiContainer gunicorn_container(const std::string& mount = "");
/// At a mount in a sub-interpreter, at the root in the main one.
WsgiContainer apache_container(const std::string& mount = "");

}  // namespace e2e
