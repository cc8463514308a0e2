#pragma once
#include "base/pool.h"
#include "http/server.h"

#include <filesystem>

namespace http::testing {

inline base::Env::TimePoint in(base::Env::Duration d) { return base::system_env().now() + d; }

/// A server on a free loopback port with a pool of its own.
class TestServer {
 public:
  explicit TestServer(Handler handler, ServerOptions options = {},
                      base::Pool::Options pool = {.name = "test"})
      : pool_(base::system_env(), std::move(pool)),
        server_(local(std::move(options)), std::move(handler),
                [this](const Request&) { return closed_ ? nullptr : &pool_; }) {
    server_.start();
  }
  /// Handlers refer to what a test has on its stack.
  ~TestServer() {
    server_.stop(base::system_env().now());
    pool_.drain(in(std::chrono::seconds(10)));
  }

  Server* operator->() { return &server_; }
  std::uint16_t port() const { return server_.port(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port()); }
  void route_nowhere() { closed_ = true; }

 private:
  static ServerOptions local(ServerOptions options) {
    if (options.address == "::") options.address = "127.0.0.1";
    return options;
  }

  std::atomic<bool> closed_{false};
  base::Pool pool_;
  Server server_;
};

/// Set by one thread, waited for by another, ten seconds at most.
class Flag {
 public:
  void set() { event_->set(); }
  bool wait() { return event_->wait_until(in(std::chrono::seconds(10)), {}); }

 private:
  std::unique_ptr<base::Env::Event> event_ = base::system_env().make_event();
};

/// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string operator/(std::string_view name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A CA (`ca.pem`) and what it signed: `server.pem` for localhost and 127.0.0.1 with `server.key`,
/// `client.pem` with `client.key`. Made once per process by the openssl command.
const TemporaryDirectory& certificates();

}  // namespace http::testing
