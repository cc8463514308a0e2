#pragma once
#include "http/testing/test_server.h"

#include <deque>
#include <mutex>

namespace inspector::testing {

/// An HTTP server that answers as it is told, and remembers what it was asked. `GET /v1/` is
/// answered by itself, as an Ironic of version `newest`.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::string newest = "1.82")
      : newest_(std::move(newest)),
        server_([this](const http::Request& r, const std::stop_token&) { return answer(r); }) {}

  /// The next answer; when there is none left, 200 with `{}`. Status 0 drops the connection.
  void then(int status, std::string body = "", http::Headers headers = {}) {
    const std::lock_guard lock(mutex_);
    script_.push_back({status, "", std::move(headers), std::move(body)});
  }
  void become(std::string newest) {
    const std::lock_guard lock(mutex_);
    newest_ = std::move(newest);
  }

  std::string url() const { return server_.url(); }
  std::vector<http::Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  /// `PUT /v1/nodes/u1/… {"body":…}`, without those for the version.
  std::vector<std::string> lines() const;
  std::function<void()> on_request;  ///< called with each, before its answer

 private:
  http::Response answer(const http::Request& request);

  mutable std::mutex mutex_;
  std::string newest_;
  std::deque<http::Response> script_;
  std::vector<http::Request> requests_;
  http::testing::TestServer server_;
};

}  // namespace inspector::testing
