#include "inspector/service/api_front.h"

#include "base/log.h"

namespace inspector {
namespace {

constexpr std::size_t kMostReports =
    256;  ///< that wait for a thread; a ramdisk's patience is short

http::ServerOptions with_version_headers(http::ServerOptions options) {
  options.extra_headers = Api::version_headers();
  return options;
}

}  // namespace

ApiFront::ApiFront(base::Env& env, Api::Parts parts, const ApiOptions& options)
    : api_(parts, options),
      requests_(env, {.name = "api", .max_threads = options.workers}),
      reports_(env,
               {.name = "continue", .max_threads = options.workers, .max_queued = kMostReports}),
      server_(
          with_version_headers(options.server),
          [this](const http::Request& request, std::stop_token stop) {
            return api_.handle(request, std::move(stop));
          },
          [this](const http::Request& head) {
            return Api::is_report(head) ? &reports_ : &requests_;
          }) {
  const std::string where = options.server.unix_socket.empty()
                                ? options.server.address + " port " + std::to_string(server_.port())
                                : options.server.unix_socket;
  base::log_info("inspector.service", "The API listens on " + where);
}

bool ApiFront::stop(base::Env::TimePoint deadline) {
  bool all = server_.stop(deadline);
  all = requests_.drain(deadline) && all;
  return reports_.drain(deadline) && all;
}

}  // namespace inspector
