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
    unsigned machines = 8;  ///< and one more, that nobody introspects
    base::Env::Duration power_time = std::chrono::seconds(1);
    base::Env::Duration boot_time = std::chrono::seconds(5);
  };
  IronicSite(SimEnv& env, Network& network, const Options& options);
  ~IronicSite();

  void set_trouble(const Trouble& trouble);

  /// A machine that Ironic does not know boots the ramdisk.
  void boot_stranger(unsigned machine);

  /// A new introspection of a machine has begun: it may be rebooted again.
  void expect_start(const std::string& uuid) { attempts_[uuid] = {}; }
  /// A machine was rebooted though its report had been accepted before the request was sent; empty:
  /// none.
  const std::string& violation() const noexcept { return violation_; }

  /// What has changed for one node (its ports too), in order.
  std::vector<IronicChange> changes(const std::string& uuid) const;
  /// Node and ports without times and identifiers that differ between runs, as JSON text.
  std::string shown(const std::string& uuid) const;
  IronicEnd end(unsigned machine) const;
  const Machines::Counts& machines() const noexcept { return machines_.counts(); }

  /// Whether a machine's ramdisk posts no more because of what befell its posts since the last that
  /// was accepted: five failed, or one was not answered within its 30 s.
  bool gave_up(const std::string& uuid) const;

 private:
  class RamdiskSender;

  http::Response answer(const http::Request& request, const std::stop_token& stop);
  void judge_power(const http::Request& request);
  void enrol(unsigned machines);

  SimEnv& env_;
  SimProcess& process_;
  IronicModel model_;
  std::unique_ptr<RamdiskSender> ramdisks_;
  Machines machines_;
  std::shared_ptr<IronicService> service_;
  std::vector<IronicChange> changes_;
  std::map<std::string, std::size_t> failed_posts_;  ///< by UUID
  /// What has come of the last start that was asked for.
  struct Attempt {
    bool booted = false;
    std::optional<base::Env::TimePoint> reported{};  ///< when the report of that boot was accepted
  };
  std::map<std::string, Attempt> attempts_;  ///< by UUID
  std::string violation_;
  base::Pool pool_;
  std::unique_ptr<Network::Listener> listener_;
};

}  // namespace sim
