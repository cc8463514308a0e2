#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/ironic/machines.h"
#include "sim/ironic/model.h"
#include "sim/ironic/service.h"
#include "sim/network.h"

namespace sim {

constexpr const char* kIronicUrl = "http://ironic";
constexpr const char* kInspectorUrl = "http://inspector";

/// A request that changes something and has reached Ironic.
struct IronicChange {
  base::Env::TimePoint at;
  std::string from;  ///< process that sent it
  std::string method;
  std::string target;
  std::string body;
  int status = 0;  ///< 0: the connection was closed without an answer

  bool is_node_patch() const {
    return method == "PATCH" && status == 200 && target.starts_with("/v1/nodes/");
  }
};

/// How a machine stands in Ironic.
struct IronicEnd {
  std::string shown;  ///< node, boot device and ports
  std::string patch;  ///< of the node: the last one
};

/// The simulated Ironic with its machines, as one process of the cluster that never dies.
class IronicSite {
 public:
  struct Options {
    unsigned machines = 8;
    base::Env::Duration power_time = std::chrono::seconds(1);
    base::Env::Duration boot_time = std::chrono::seconds(5);
  };
  IronicSite(SimEnv& env, Network& network, const Options& options);
  ~IronicSite();

  void set_trouble(const Trouble& trouble);

  /// What has changed for one node (its ports too), in order.
  std::vector<IronicChange> changes(const std::string& uuid) const;
  /// Node and ports without times and identifiers that differ between runs, as JSON text.
  std::string shown(const std::string& uuid) const;
  IronicEnd end(unsigned machine) const;
  const Machines::Counts& machines() const noexcept { return machines_.counts(); }

  /// When each machine was last answered 200 to a report; nullopt: never.
  std::optional<base::Env::TimePoint> accepted_report(const std::string& uuid) const;
  /// How often a machine posted since it was last switched on and got no 200 or 4xx.
  std::size_t failed_posts(const std::string& uuid) const;

 private:
  class RamdiskSender;
  struct Posts {
    std::optional<base::Env::TimePoint> accepted;
    std::size_t failed = 0;
  };

  http::Response answer(const http::Request& request, const std::stop_token& stop);
  void enrol(unsigned machines);

  SimEnv& env_;
  SimProcess& process_;
  IronicModel model_;
  std::unique_ptr<RamdiskSender> ramdisks_;
  Machines machines_;
  std::shared_ptr<IronicService> service_;
  std::vector<IronicChange> changes_;
  std::map<std::string, std::string> node_of_port_;  ///< by MAC
  std::map<std::string, Posts> posts_;               ///< by UUID
  base::Pool pool_;
  std::unique_ptr<Network::Listener> listener_;
};

}  // namespace sim
