#pragma once
#include "base/log_context.h"
#include "http/message.h"
#include "inspector/conductor/conductor.h"
#include "inspector/config/api.h"
#include "inspector/data_store/data_store.h"
#include "inspector/ironic/client.h"
#include "inspector/node/store.h"
#include "inspector/rules/rule_store.h"

#include <memory>

namespace inspector {

class Guard;

/// The HTTP API: answers one request. Reads status and data from the database itself, asks Ironic
/// only what a node's name stands for, and a conductor for everything that changes something.
/// Thread-safe.
class Api {
 public:
  /// All outlive the Api.
  struct Parts {
    base::Env& env;
    NodeStore& nodes;
    DataStore& data;
    RuleStore& rules;
    ironic::Client& ironic;
    Conductor& conductor;
  };

  /// Throws base::ConfigError when the file of users or of the policy cannot be used.
  Api(Parts parts, ApiOptions options);
  ~Api();

  /// The answer, whatever happens: failures become responses. Waits 20 s at most for a conductor,
  /// and for Ironic as long as its client does.
  http::Response handle(const http::Request& request, const std::stop_token& stop) noexcept;

  /// A ramdisk's report: its processing takes long, so it gets a pool of its own. Looks at the
  /// request's head only.
  static bool is_report(const http::Request& head) noexcept;

  /// The headers that every answer of the API carries; for those that the server makes itself.
  static http::Headers version_headers();

 private:
  http::Response answer(const http::Request& request, base::LogContext& who,
                        const std::stop_token& stop);
  http::Response answer_api(const http::Request& request, base::LogContext& who,
                            const std::stop_token& stop);
  http::Response answer_or_error(const http::Request& request, base::LogContext& who,
                                 const std::stop_token& stop);

  Parts parts_;
  ApiOptions options_;
  std::unique_ptr<Guard> guard_;
};

}  // namespace inspector
