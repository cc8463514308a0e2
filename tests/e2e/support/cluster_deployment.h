#pragma once
#include "tests/e2e/support/deployment.h"
#include "tests/support/etcd_server.h"
#include "tests/support/postgresql_server.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace e2e {

inline constexpr const char* kGroup = "ironic_inspector.service_group";

/// etcd, PostgreSQL, a simulated Ironic, and as many conductors and API processes as a test starts,
/// all on free ports. Skipped where a server is not installed.
class ClusterDeployment : public Deployment {
 protected:
  void SetUp() override;

  /// Set before anything is started.
  seconds lease_{3};

  struct Member {
    std::string name;
    Running process;
  };
  /// `[DEFAULT]host = name`. Returns when it is in the group.
  Member conductor(const std::string& name);
  /// The same without waiting for anything.
  Member conductor_begins(const std::string& name);
  Member conductor_begins(const std::string& name, const Config& config);
  /// An API process; returns when it serves. Reached by api(i), in the order of their start.
  Member api_process();
  /// The same for one that was stopped, on its old port.
  Member api_process_again(std::size_t i);
  const Api& api(std::size_t i = 0) const { return *apis_.at(i); }
  /// A started API also serves while it has not found the conductors yet: returns when it has.
  bool finds_conductors(std::size_t i = 0) const;
  /// A port for an API that will be started later: what machines are told to post to.
  std::string reserve_api();

  virtual Config config(const std::string& host) const;
  bool joins(Member& member) const;   ///< for one that has just begun
  static void kill9(Member& member);  ///< and waits
  std::string members() const;        ///< names, separated by blanks; `?`: etcd does not answer
  bool members_become(const std::string& names, seconds timeout = kSoon) const;

  support::EtcdServer& etcd() { return *etcd_; }
  support::PostgresqlServer& postgresql() { return *postgresql_; }

 private:
  Member serving(std::size_t i);

  std::optional<support::EtcdServer> etcd_;
  std::optional<support::PostgresqlServer> postgresql_;
  std::string database_;
  std::vector<std::unique_ptr<Api>> apis_;
  std::size_t started_apis_ = 0;
};

}  // namespace e2e
