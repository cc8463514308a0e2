#pragma once
#include "tests/e2e/support/deployment.h"

#include <functional>

namespace e2e {

/// How one of Debian's WSGI containers serves the API with two workers, on any free port.
struct WsgiContainer {
  std::string name;
  std::vector<std::string> needs;  ///< files without which it is not installed

  struct Place {
    std::filesystem::path folder;  ///< for its files; everybody can read it
    std::uint16_t port = 0;
  };
  /// Writes what it needs into the folder and returns the command that runs it in the foreground.
  std::function<Words(const Place&)> command;
  /// Has all its workers replaced by new ones without failing a request.
  std::function<void(Process& container, const std::vector<pid_t>& workers)> restart;

  bool installed() const;
};

WsgiContainer uwsgi_container(const Words& more);
WsgiContainer gunicorn_container();
WsgiContainer apache_container();

}  // namespace e2e
