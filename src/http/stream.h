#pragma once
#include "base/env.h"

#include <functional>
#include <string_view>
#include <system_error>

namespace http {

/// The I/O of one connection, plain or TLS, TCP or UNIX. Nothing blocks. All calls but post() come
/// from functions that the stream itself calls, one at a time. At most one read, one write and one
/// of the others are under way; each calls its `done` once, never from within the call.
class Stream {
 public:
  using Done = std::function<void(std::error_code, std::size_t)>;

  virtual ~Stream() = default;
  virtual void handshake(Done done) = 0;
  virtual void read(char* to, std::size_t most, Done done) = 0;
  /// All of both; they stay valid until `done`.
  virtual void write(std::string_view first, std::string_view second, Done done) = 0;
  /// Tells the other side that no more comes; afterwards read() only serves to drain it.
  virtual void end(Done done) = 0;
  /// What is under way ends with an error.
  virtual void cancel() noexcept = 0;
  virtual void close() noexcept = 0;

  /// Calls `fire` after that time, once; a second call replaces the first. A replaced one may still
  /// fire.
  virtual void set_timer(base::Env::Duration after, std::function<void()> fire) = 0;

  /// The other side sends no more: it has closed, or given up. Does not wait.
  virtual bool peer_ended() noexcept = 0;

  /// Any thread: has `task` called like a `done`. Dropped when the server has ended.
  virtual void post(std::function<void()> task) = 0;
};

}  // namespace http
