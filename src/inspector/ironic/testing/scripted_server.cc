#include "inspector/ironic/testing/scripted_server.h"

namespace inspector::testing {

std::vector<std::string> ScriptedServer::lines() const {
  std::vector<std::string> out;
  for (const auto& request : requests())
    if (request.target != "/v1/")
      out.push_back(request.method + " " + request.target +
                    (request.body.empty() ? "" : " " + request.body));
  return out;
}

http::Response ScriptedServer::answer(const http::Request& request) {
  if (on_request) on_request();
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  if (request.target == "/v1/" && request.method == "GET" &&
      !http::find_header(request.headers, "X-OpenStack-Ironic-API-Version"))
    return {.headers = {{"X-OpenStack-Ironic-API-Minimum-Version", "1.1"},
                        {"X-OpenStack-Ironic-API-Maximum-Version", newest_}},
            .body = "{}"};
  if (script_.empty()) return {.body = "{}"};
  http::Response next = std::move(script_.front());
  script_.pop_front();
  return next;
}

}  // namespace inspector::testing
