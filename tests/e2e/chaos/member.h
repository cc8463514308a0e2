#pragma once
#include "tests/e2e/support/deployment.h"
#include "tests/support/etcd_cluster.h"
#include "tests/support/proxy.h"

#include <array>
#include <memory>
#include <string>

namespace e2e {

/// What stands behind a member, by port.
struct Servers {
  std::array<std::uint16_t, support::EtcdCluster::kMembers> etcd;
  std::uint16_t database, ironic;
};

/// A conductor or an API process with a network of its own: it reaches etcd, the database and
/// Ironic through proxies that nobody else uses. For one thread.
class ChaosMember {
 public:
  ChaosMember(std::string name, const Servers& servers);

  const std::string& name() const noexcept { return name_; }
  std::string etcd_hosts() const;
  std::string database_host() const { return database_.host(); }
  std::string ironic_url() const { return "http://" + ironic_.host(); }

  enum class Cut { kEtcd, kDatabase, kIronic, kAll };
  /// Nothing gets through any more and nobody is told; healed by pass().
  void cut(Cut what);
  void pass();

  bool running() { return process_ && process_->running(); }
  Process& process() { return *process_; }
  void become(Running process) { process_ = std::move(process); }

 private:
  const std::string name_;
  std::array<support::Proxy, support::EtcdCluster::kMembers> etcd_;
  support::Proxy database_, ironic_;
  Running process_;
};

}  // namespace e2e
