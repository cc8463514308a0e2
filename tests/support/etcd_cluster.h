#pragma once
#include "tests/support/process.h"
#include "tests/support/proxy.h"

#include <array>
#include <cstdint>
#include <memory>

namespace support {

/// An etcd of three members on free ports of 127.0.0.1; clients reach each through a proxy. Stopped
/// and removed with the object. For one thread. Throws std::runtime_error.
class EtcdCluster {
 public:
  static constexpr std::size_t kMembers = 3;

  EtcdCluster();  ///< returns when there is a leader and all answer
  ~EtcdCluster();

  /// For tooz: all members, through their proxies or past them.
  std::string url(const std::string& options = "") const;
  std::string direct_url(const std::string& options = "") const;
  /// Between the clients and a member.
  Proxy& net(std::size_t member) { return *members_[member].net; }
  std::uint16_t port(std::size_t member) const { return members_[member].port; }  ///< for clients

  std::size_t leader() const;  ///< waits until there is one
  void kill(std::size_t member);
  void start(std::size_t member);  ///< again; returns when it answers
  void pause(std::size_t member);
  void resume(std::size_t member);
  /// Forgets all history before now.
  void compact();

 private:
  struct Member {
    std::uint16_t port;
    std::uint16_t peer_port;
    std::unique_ptr<Proxy> net;
    std::unique_ptr<Process> process;
  };
  void launch(std::size_t member);
  void await(std::size_t member) const;
  std::string ctl(std::size_t member, const std::vector<std::string>& arguments) const;

  TempFolder folder_;
  std::array<Member, kMembers> members_;
};

}  // namespace support
