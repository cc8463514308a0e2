#pragma once
#include "tests/support/process.h"

#include <chrono>
#include <cstdint>
#include <memory>

namespace support {

/// ZooKeeper on free ports of 127.0.0.1: one server, or an ensemble of three, with their data in a
/// temporary folder. A tick is 100 ms, so sessions last 0.2 to 60 s. Stopped and removed with the
/// object. For one thread. Everything throws std::runtime_error with what the server said.
class ZookeeperServer {
 public:
  enum class Kind { kOne, kEnsemble };
  static constexpr std::chrono::milliseconds kAnswerWithin{5000};

  explicit ZookeeperServer(Kind kind = Kind::kOne);  ///< returns when all answer
  ~ZookeeperServer();

  static bool installed();  ///< Debian's package `zookeeper`

  std::size_t size() const noexcept { return servers_.size(); }
  std::uint16_t port(std::size_t i = 0) const { return servers_[i].port; }
  /// `127.0.0.1:port,…` of all.
  std::string hosts() const;
  /// For tooz: `user` ("name:word@") comes before the hosts.
  std::string url(const std::string& options = "", const std::string& user = "") const;

  // Of the i-th server.
  void stop(std::size_t i = 0);    ///< SIGTERM, and waits
  void kill(std::size_t i = 0);    ///< SIGKILL, and waits
  void start(std::size_t i = 0);   ///< again, with the same data; returns when it answers
  void pause(std::size_t i = 0);   ///< SIGSTOP
  void resume(std::size_t i = 0);  ///< SIGCONT
  void wipe();                     ///< while all are stopped: forgets all data
  std::size_t leader() const;      ///< which one of an ensemble

  /// What a server answers to one of its words of four letters, such as `stat`; empty: nothing.
  std::string ask(const std::string& word, std::size_t i = 0,
                  std::chrono::milliseconds patience = kAnswerWithin) const;

 private:
  struct Server {
    std::uint16_t port;
    std::uint16_t peer_port;
    std::uint16_t election_port;
    std::unique_ptr<Process> process;
  };
  std::filesystem::path folder(std::size_t i) const;
  void configure(std::size_t i) const;
  void launch(std::size_t i);
  void await(std::size_t i);
  int connected(std::size_t i) const;  ///< a socket, or -1
  bool listens(std::size_t i) const;

  TempFolder folder_;
  std::vector<Server> servers_;
};

}  // namespace support
