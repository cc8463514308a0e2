#include "http/connection.h"

#include "base/log.h"

#include <algorithm>
#include <cstring>

namespace http {
namespace {

constexpr std::size_t kHeadBuffer = 4 * 1024;  ///< what an idle connection costs
constexpr std::size_t kBodyBuffer = 64 * 1024;

/// How long the rest of what a client sends is read and dropped after a last answer: closing with
/// bytes unread would reset the connection and destroy the answer on its way.
constexpr base::Env::Duration kLingerTime = std::chrono::seconds(2);

}  // namespace

Connection::Connection(std::shared_ptr<Shared> shared, std::unique_ptr<Stream> stream, Peer peer)
    : shared_(std::move(shared)),
      stream_(std::move(stream)),
      peer_(std::move(peer)),
      reader_({shared_->options.max_header, shared_->options.max_body}, shared_->bodies) {}

Connection::~Connection() { shared_->registry.remove(this); }

void Connection::start() {
  stream_->post([self = shared_from_this()] {
    self->set_deadline(self->shared_->options.header_time);
    self->stream_->handshake([self](std::error_code error, std::size_t) {
      if (error || self->timed_out_ || self->state_ == State::kClosed) return self->close();
      self->next_request();
    });
  });
}

void Connection::drain() {
  stream_->post([self = shared_from_this()] {
    if (self->state_ == State::kIdle || self->state_ == State::kHandshake) self->close();
  });
}

void Connection::abort() {
  stream_->post([self = shared_from_this()] { self->close(); });
}

// ---- receiving

void Connection::next_request() {
  if (shared_->draining) return end();
  reader_.reset();
  pool_ = nullptr;
  routed_ = false;
  state_ = State::kIdle;
  if (begin_ < end_) return advance();
  if (buffer_.size() > kHeadBuffer) buffer_ = std::string();
  if (!first_request_) set_deadline(shared_->options.idle_time);
  read_more();
}

void Connection::read_more() {
  const std::size_t held = end_ - begin_;
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, held);
  begin_ = 0;
  end_ = held;
  const bool in_body = reader_.state() == RequestReader::State::kBody;
  const std::size_t wanted = std::max(in_body ? kBodyBuffer : kHeadBuffer, 2 * held);
  if (buffer_.size() < wanted) buffer_.resize(wanted);
  stream_->read(buffer_.data() + end_, buffer_.size() - end_,
                [self = shared_from_this()](std::error_code error, std::size_t size) {
                  self->on_read(error, size);
                });
}

void Connection::on_read(std::error_code error, std::size_t size) {
  if (state_ == State::kClosed) return;
  if (timed_out_) return on_timeout();
  if (error) return close();
  end_ += size;
  advance();
}

void Connection::advance() {
  for (;;) {
    begin_ += reader_.put({buffer_.data() + begin_, end_ - begin_});
    if (state_ == State::kIdle && !reader_.untouched()) {
      state_ = State::kReceiving;
      if (!first_request_) set_deadline(shared_->options.header_time);
      first_request_ = false;
    }
    const auto got = reader_.state();
    if (got == RequestReader::State::kRefused)
      return send_last(refusal(reader_.refusal().status, reader_.refusal().text));
    if (got == RequestReader::State::kHead) return read_more();
    if (!routed_) {
      if (!on_head()) return;
      if (got == RequestReader::State::kBody && begin_ < end_) continue;
    }
    return got == RequestReader::State::kDone ? dispatch() : read_more();
  }
}

/// Before the body is read: false when the connection goes on by itself.
bool Connection::on_head() {
  routed_ = true;
  try {
    pool_ = shared_->router(reader_.request());
  } catch (const std::exception& e) {
    base::log_error("http.server", "router threw", {base::exception_field(e)});
    send_last(refusal(500, "Internal server error"));
    return false;
  }
  const bool complete = reader_.state() == RequestReader::State::kDone;
  if (!pool_) {
    Response busy = refusal(503, "The service is busy");
    if (complete)
      send(std::move(busy), answer_form());
    else
      send_last(std::move(busy));
    return false;
  }
  if (complete) return true;
  set_deadline(shared_->options.body_time);
  if (!reader_.wants_continue() || begin_ < end_) return true;
  stream_->write("HTTP/1.1 100 Continue\r\n\r\n", {},
                 [self = shared_from_this()](std::error_code error, std::size_t) {
                   if (error || self->timed_out_) return self->close();
                   self->read_more();
                 });
  return false;
}

void Connection::dispatch() {
  if (shared_->options.skip_abandoned && stream_->peer_ended()) return close();
  state_ = State::kWorking;
  clear_deadline();
  const AnswerForm form = answer_form();
  Request request = reader_.take_request();
  request.peer = peer_.address;
  request.tls = peer_.tls;
  auto done = [self = shared_from_this()](Outgoing answer) {
    self->stream_->post([self, answer = std::move(answer)]() mutable {
      if (self->state_ == State::kWorking) self->send(std::move(answer));
    });
  };
  const auto job = std::make_shared<Job>(
      shared_, Job::Work{std::move(request), reader_.take_share(), form}, std::move(done));
  // A task that the pool does not take, or drops later, is answered 503 by the end of its Job.
  (void)pool_->submit([job](const std::stop_token& stop) { job->run(stop); });
}

// ---- answering

AnswerForm Connection::answer_form() const {
  return {.head_only = reader_.request().method == "HEAD",
          .keep_alive = shared_->options.keep_alive && reader_.keep_alive() && !shared_->draining,
          .http10 = reader_.http10()};
}

Response Connection::refusal(int status, std::string_view text) const {
  return status == 503 ? busy_response(shared_->options, text)
                       : error_response(status, text, shared_->options.extra_headers);
}

void Connection::send_last(Response response) {
  AnswerForm form = answer_form();
  form.keep_alive = false;
  send(std::move(response), form);
}

void Connection::send(Response response, AnswerForm form) {
  send(serialise(std::move(response), form, shared_->env.wall_time()));
}

void Connection::send(Outgoing answer) {
  if (answer.head.empty()) return close();
  state_ = State::kWriting;
  out_ = std::move(answer);
  set_deadline(shared_->options.write_time);
  stream_->write(out_.head, out_.body,
                 [self = shared_from_this()](std::error_code error, std::size_t) {
                   if (error || self->state_ == State::kClosed) return self->close();
                   const bool keep_alive = self->out_.keep_alive;
                   self->out_ = Outgoing{};
                   if (keep_alive)
                     self->next_request();
                   else
                     self->end();
                 });
}

void Connection::end() {
  const bool unread = reader_.state() != RequestReader::State::kDone || begin_ < end_;
  state_ = State::kEnding;
  set_deadline(kLingerTime);
  stream_->end([self = shared_from_this(), unread](std::error_code error, std::size_t) {
    if (error || !unread || self->state_ == State::kClosed) return self->close();
    if (self->buffer_.empty()) self->buffer_.resize(kHeadBuffer);
    self->linger();
  });
}

void Connection::linger() {
  stream_->read(buffer_.data(), buffer_.size(),
                [self = shared_from_this()](std::error_code error, std::size_t) {
                  if (error || self->state_ == State::kClosed) return self->close();
                  self->linger();
                });
}

void Connection::close() noexcept {
  state_ = State::kClosed;
  stream_->close();
}

// ---- deadlines

/// One timer serves all deadlines. It is not touched while the new deadline is not before the time
/// it fires at: on a busy connection it is set about once a minute.
void Connection::set_deadline(base::Env::Duration from_now) {
  deadline_ = shared_->env.now() + from_now;
  if (deadline_ < timer_at_) arm_timer(from_now);
}

void Connection::arm_timer(base::Env::Duration from_now) {
  timer_at_ = shared_->env.now() + from_now;
  stream_->set_timer(from_now, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->on_timer();
  });
}

void Connection::on_timer() {
  timer_at_ = base::Env::TimePoint::max();
  if (state_ == State::kClosed || deadline_ == base::Env::TimePoint::max()) return;
  const auto left = deadline_ - shared_->env.now();
  if (left > base::Env::Duration::zero()) return arm_timer(left);
  if (state_ == State::kWriting || state_ == State::kEnding) return close();
  timed_out_ = true;  // the end of what is under way goes on with it
  stream_->cancel();
}

void Connection::on_timeout() {
  timed_out_ = false;
  if (state_ != State::kReceiving) return close();
  send_last(refusal(408, "The request did not arrive in time"));
}

}  // namespace http
