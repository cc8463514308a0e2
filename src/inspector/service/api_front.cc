#include "inspector/service/api_front.h"

#include "base/log.h"
#include "inspector/service/named_server.h"

namespace inspector {
namespace {

http::ServerOptions with_version_headers(http::ServerOptions options) {
  options.extra_headers = Api::version_headers();
  return options;
}

}  // namespace

ApiFront::ApiFront(base::Env& env, Api::Parts parts, const ApiOptions& options)
    : calls_(env, parts, options),
      server_(named_server(
          {options.listening, "[DEFAULT]listen_unix_socket", "[ssl]"},
          with_version_headers(options.server),
          [this](const http::Request& request, const std::stop_token& stop) {
            return calls_.answer(request, stop);
          },
          [this](const http::Request& head) { return &calls_.pool_for(head); })) {
  const std::string where = options.server.unix_socket.empty()
                                ? options.server.address + " port " + std::to_string(server_.port())
                                : options.server.unix_socket;
  base::log_info("inspector.service", "The API listens on " + where);
}

bool ApiFront::stop(base::Env::TimePoint deadline) {
  const bool all = server_.stop(deadline);
  return calls_.drain(deadline) && all;
}

}  // namespace inspector
