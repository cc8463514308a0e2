#include "http/job.h"

#include "base/log.h"

namespace http {

Response busy_response(const ServerOptions& options, std::string_view text) {
  Response response = error_response(503, text, options.extra_headers);
  response.headers.emplace_back("Retry-After", std::to_string(options.retry_after.count()));
  return response;
}

Job::Job(std::shared_ptr<Shared> shared, Work work, Done done)
    : shared_(std::move(shared)), work_(std::move(work)), done_(std::move(done)) {}

Job::~Job() {
  if (done_) answer(busy_response(shared_->options, "The service is busy"));
}

void Job::run(const std::stop_token& pool_stop) { answer(handle(pool_stop)); }

Response Job::handle(const std::stop_token& pool_stop) const {
  std::stop_source stop;
  const auto request_stop = [&stop] { stop.request_stop(); };
  const std::stop_callback when_pool_gives_up(pool_stop, request_stop);
  const std::stop_callback when_server_gives_up(shared_->stop.get_token(), request_stop);
  try {
    return shared_->handler(work_.request, stop.get_token());
  } catch (const std::exception& e) {
    base::log_error("http.server", "handler threw",
                    {{"method", work_.request.method}, base::exception_field(e)});
  } catch (...) {
    base::log_error("http.server", "handler threw", {{"method", work_.request.method}});
  }
  return error_response(500, "Internal server error", shared_->options.extra_headers);
}

void Job::answer(Response response) {
  AnswerForm form = work_.form;
  if (shared_->draining) form.keep_alive = false;
  { const Work finished = std::move(work_); }  // who has the answer may use the budget again
  const Done done = std::exchange(done_, nullptr);
  done(serialise(std::move(response), form, shared_->env.wall_time()));
}

}  // namespace http
