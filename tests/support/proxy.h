#pragma once
#include "base/env.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace support {

/// The network between a client and a server, on a port of 127.0.0.1: it forwards connections until
/// it is told to do worse. Its thread ends with the object. Thread-safe; throws std::runtime_error.
class Proxy {
 public:
  explicit Proxy(std::uint16_t server);  ///< on 127.0.0.1
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

  /// All is well again: what was held back in connections that are still open arrives now.
  void pass();
  /// Resets all connections; new ones are forwarded.
  void cut();
  /// Resets all connections and each new one.
  void refuse();
  /// Accepts all and forwards nothing, in open connections too.
  void black_hole();
  /// Forwards everything so late, in both directions.
  void delay(base::Env::Duration by);
  enum class Side { kClient, kServer };
  /// In all open connections: `side` sees the end of what it reads; what it sends still arrives.
  void half_close(Side side);

  /// How many connections there are now.
  std::size_t connections() const noexcept { return connections_; }

 private:
  class Pair;
  struct Orders {
    bool reset = false;  ///< once
    bool refuse = false;
    bool hold = false;
    bool end_for_client = false;  ///< once
    bool end_for_server = false;  ///< once
    base::Env::Duration delay{};
  };

  void order(const std::function<void(Orders&)>& change);
  void run(const std::stop_token& stop);
  void accept_all(const Orders& orders);
  void work(const Orders& orders);

  base::Env& env_;
  const std::uint16_t server_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int wake_ = -1;
  std::mutex mutex_;
  Orders orders_;
  std::list<Pair> pairs_;  // of the thread
  std::atomic<std::size_t> connections_ = 0;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace support
