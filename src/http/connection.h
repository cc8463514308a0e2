#pragma once
#include "http/job.h"
#include "http/request_reader.h"
#include "http/stream.h"

#include <memory>

namespace http {

/// One connection from accept to close: reads a request, has it answered, and so on. Runs on its
/// stream's calls, which keep it alive; a request in a pool keeps it alive too.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  struct Peer {
    std::string address;
    bool tls = false;
  };

  Connection(std::shared_ptr<Shared> shared, std::unique_ptr<Stream> stream, Peer peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();  ///< any thread, once

  /// Any thread: closes it unless a request is under way; then the server's `draining` ends it.
  void drain();
  void abort();  ///< any thread: closes it now

 private:
  enum class State : std::uint8_t {
    kHandshake,
    kIdle,
    kReceiving,
    kWorking,
    kWriting,
    kEnding,
    kClosed
  };

  void next_request();
  void read_more();
  void on_read(std::error_code error, std::size_t size);
  void advance();
  bool on_head();
  void dispatch();

  void send_last(Response response);
  void send(Response response, AnswerForm form);
  void send(Outgoing answer);
  void end();
  void linger();
  void close() noexcept;

  void set_deadline(base::Env::Duration from_now);
  void clear_deadline() noexcept { deadline_ = base::Env::TimePoint::max(); }
  void arm_timer(base::Env::Duration from_now);
  void on_timer();
  void on_timeout();

  AnswerForm answer_form() const;
  Response refusal(int status, std::string_view text) const;

  const std::shared_ptr<Shared> shared_;
  const std::unique_ptr<Stream> stream_;
  const Peer peer_;
  State state_ = State::kHandshake;

  RequestReader reader_;
  base::Pool* pool_ = nullptr;  ///< of the request being received
  bool routed_ = false;
  bool first_request_ = true;
  bool timed_out_ = false;
  std::string buffer_;  ///< received and not used: [begin_, end_)
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Outgoing out_;

  base::Env::TimePoint deadline_ = base::Env::TimePoint::max();
  base::Env::TimePoint timer_at_ = base::Env::TimePoint::max();  ///< max: no timer runs
};

}  // namespace http
