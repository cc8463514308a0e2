#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tooz::etcd {

struct Header {
  std::string_view name;
  std::string_view value;
  bool secret = false;  ///< kept out of the header compression's tables
};

/// What a session reports, from inside receive() and output(), and must not call from there; the
/// others it may.
class H2Events {
 public:
  virtual ~H2Events() = default;
  virtual void on_settings() = 0;  ///< the server speaks HTTP/2
  virtual void on_header(std::int32_t stream, std::string_view name, std::string_view value) = 0;
  virtual void on_data(std::int32_t stream, std::string_view bytes) = 0;
  /// Exactly once for each submitted stream unless the session is destroyed before. `refused`: the
  /// server did nothing with it.
  virtual void on_close(std::int32_t stream, std::uint32_t error, bool refused) = 0;
  virtual void on_goaway(std::uint32_t error) = 0;  ///< no new streams
  virtual void on_pong() = 0;
};

/// The client's half of HTTP/2 by nghttp2; does no I/O. For one thread.
class H2Session {
 public:
  explicit H2Session(H2Events& events);
  ~H2Session();
  H2Session(const H2Session&) = delete;
  H2Session& operator=(const H2Session&) = delete;

  /// Starts a request. `ends`: the body is all that will be sent. Negative: the session takes no
  /// more streams.
  std::int32_t submit(std::span<const Header> headers, std::string body, bool ends);
  void reset(std::int32_t stream);
  void ping();

  /// Takes what the server sent. Not empty: why the connection is of no more use.
  std::string receive(std::string_view bytes);

  /// The next bytes for the server, valid until the next call; empty: nothing to send now.
  std::string_view output();

  /// Nothing more will be received or sent: the server broke the protocol, or went away and every
  /// stream has ended.
  bool over() const noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tooz::etcd
