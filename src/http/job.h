#pragma once
#include "http/serialiser.h"
#include "http/shared.h"

namespace http {

/// A complete request on its way through a pool. Whatever becomes of it, `done` is called exactly
/// once: with the handler's answer, or, if the pool drops it, with a 503.
class Job {
 public:
  using Done = std::function<void(Outgoing)>;
  struct Work {
    Request request;
    Share body_share;
    AnswerForm form;
  };

  Job(std::shared_ptr<Shared> shared, Work work, Done done);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  void run(const std::stop_token& pool_stop);  ///< once

 private:
  Response handle(const std::stop_token& pool_stop) const;
  void answer(Response response);

  std::shared_ptr<Shared> shared_;
  Work work_;
  Done done_;
};

/// 503 with Retry-After, as the server's options say.
Response busy_response(const ServerOptions& options, std::string_view text);

}  // namespace http
