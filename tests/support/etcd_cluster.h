#pragma once
#include "tests/support/lan.h"
#include "tests/support/process.h"
#include "tests/support/proxy.h"

#include <array>
#include <cstdint>
#include <memory>

namespace support {

/// An etcd of three members, on free ports of 127.0.0.1, where clients reach each through a proxy,
/// or each on a machine of its own. Stopped and removed with the object. For one thread. Throws
/// std::runtime_error.
class EtcdCluster {
 public:
  static constexpr std::size_t kMembers = 3;

  EtcdCluster();  ///< returns when there is a leader and all answer
  /// Without proxies. Whoever calls it, or anything here, is on a visit to `lan`.
  explicit EtcdCluster(const Lan& lan);
  ~EtcdCluster();

  /// For tooz: all members, through their proxies or past them.
  std::string url(const std::string& options = "") const;
  std::string direct_url(const std::string& options = "") const;
  std::string url_of(std::size_t member, const std::string& options = "") const;  ///< of one only
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
    std::string address;
    std::uint16_t port;
    std::uint16_t peer_port;
    std::unique_ptr<Proxy> net;
    std::unique_ptr<Process> process;
  };
  void launch_all();
  void launch(std::size_t member);
  std::string client_of(std::size_t member) const;  ///< address and port
  std::string peer_of(std::size_t member) const;
  void await(std::size_t member) const;
  std::string ctl(std::size_t member, const std::vector<std::string>& arguments) const;

  const Lan* const lan_ = nullptr;
  TempFolder folder_;
  std::array<Member, kMembers> members_;
};

}  // namespace support
