#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace http::testing {

/// A client without manners: sends any bytes. Nothing blocks longer than ten seconds.
class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port, const std::string& address = "127.0.0.1");
  explicit RawSocket(const std::string& unix_path);
  explicit RawSocket(int fd, std::nullptr_t /*owned*/);
  RawSocket(RawSocket&& from) noexcept;
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket();

  bool send(std::string_view bytes);  ///< false: the other side does not take it all
  void finish_sending();
  void close();
  /// What comes until the other side closes; `(timeout)` at its end if it does not.
  std::string read_all();
  bool was_reset() const noexcept { return reset_; }  ///< how the other side closed
  /// What comes until `text` has been there, or the end as above.
  std::string read_until(std::string_view text);
  /// One answer with a Content-Length.
  std::string read_answer();

 private:
  bool receive();

  int fd_;
  std::string received_;
  bool reset_ = false;
};

/// Listens on a free loopback port, for servers that misbehave.
class RawListener {
 public:
  RawListener();
  ~RawListener();
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  std::uint16_t port() const noexcept { return port_; }
  RawSocket accept();
  void close();

 private:
  int fd_;
  std::uint16_t port_;
};

/// What a killed server leaves: a bound file that nobody listens on.
void leave_unix_socket(const std::string& path);

}  // namespace http::testing
