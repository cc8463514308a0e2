#pragma once
#include "base/pool.h"
#include "inspector/conductor/bmc_address.h"
#include "inspector/conductor/conductor.h"
#include "inspector/conductor/node_locks.h"
#include "inspector/conductor/pacer.h"
#include "inspector/conductor/ramdisk_logs.h"
#include "inspector/conductor/report_answers.h"
#include "inspector/conductor/slots.h"
#include "inspector/config/conductor.h"
#include "inspector/config/processing.h"
#include "inspector/data_store/data_store.h"
#include "inspector/ironic/client.h"
#include "inspector/node/store.h"
#include "inspector/node/view.h"
#include "inspector/processing/pipeline.h"
#include "inspector/pxe_filter/filter.h"

#include <set>
#include <string>
#include <vector>

namespace inspector {

/// Does the work itself: the operations of the API on one node each, under that node's lock. What
/// goes on after a call has returned runs on two bounded pools, one for starts, aborts and
/// reapplies, one for reports, so that a rush of starts cannot keep a report waiting; a full one is
/// Error{kUnavailable}. Work in memory dies with the process: tasks.h finds what it left.
class LocalConductor final : public Conductor {
 public:
  /// All outlive the conductor.
  struct Parts {
    base::Env& env;
    NodeStore& store;
    DataStore& data;
    NodeLocks& locks;
    ironic::Client& ironic;
    PxeFilter& filter;
    const Pipeline& pipeline;
    Resolver resolve = resolve_host;
  };

  LocalConductor(Parts parts, ConductorOptions options, ProcessingOptions processing);
  ~LocalConductor() override;  ///< drain(now)

  void introspect(std::string_view node, bool manage_boot,
                  const Call& call) override;                    // introspect.cc
  void abort(std::string_view node, const Call& call) override;  // abort.cc
  void reapply(std::string_view uuid, const boost::json::object* data,
               const Call& call) override;                                            // reapply.cc
  std::string process(const boost::json::object& report, const Call& call) override;  // process.cc

  /// Takes no more background work and waits for what was accepted. False: `deadline` came first;
  /// the rest is dropped, and its nodes are left in the state they were in.
  bool drain(base::Env::TimePoint deadline);

 private:
  using Json = boost::json::object;

  /// A node that is worked on: its lock is held until the last copy is gone.
  struct Work {
    std::string uuid;
    std::shared_ptr<NodeLock> lock;
    bool manage_boot = true;
    std::optional<WallTime> attempt{};  ///< started_at of the row
    Slots::Slot slot{};
  };
  /// What becomes of a machine's power when its report has been processed.
  enum class Ending { kPowerOff, kTryPowerOff, kKeepPower };
  /// A report on its way through the steps.
  struct Report {
    Json data;
    std::string unprocessed;  ///< as posted, without logs; empty when data is not stored
    std::string logs;         ///< base64
    ReportAnswers::RunPtr run;
    std::vector<std::string> failures{};
    std::optional<Work> work{};  ///< once the node is found
    Ending ending = Ending::kPowerOff;
  };
  using Body = std::function<void(const Work&, const std::stop_token&)>;

  // local.cc: what the operations share
  static ironic::Call reading(std::stop_token stop) { return {std::move(stop), {}, {}}; }
  static ironic::Call under(const Work& work, std::stop_token stop);
  Json get_ironic_node(std::string_view id, const ironic::Call& call);
  Node get_row(const std::string& uuid);
  Slots::Slot take_slot();
  void in_background(const Work& work, Body body);
  void or_fail(const Work& work, const std::function<void()>& body);
  void attempt(const Work& work, const std::function<void()>& body) noexcept;
  void fail(const Work& work, const std::string& text) noexcept;

  // introspect.cc
  void start(const Json& node, bool manage_boot, const Call& call);
  NodeLock lock_to_start(const std::string& uuid, const Call& call);
  void make_findable(const Work& work, bool has_bmc, const ironic::Call& call);
  void prepare_boot(const Work& work, bool persistent, const std::stop_token& stop);
  void power_on(const Work& work, const std::stop_token& stop);

  // process.cc
  ReportAnswers::Joined begin_report(const Json& report);
  void run_report(Report report, const std::stop_token& stop);
  void check_failures(const Report& report);
  void save_unprocessed(const Report& report);
  void update_node(Report& report, const std::stop_token& stop);
  void update_in_ironic(Report& report, Json node, const ironic::Call& call);
  void settle(const Report& report, const std::exception_ptr& failure);
  void finish(const Work& work, Ending ending, const std::stop_token& stop);

  // enroll.cc
  void discover(Report& report, const Attributes& seen, const std::stop_token& stop);
  std::optional<Work> enroll(const Json& node, const Attributes& seen, const std::stop_token& stop);
  void check_left_behind(const std::string& uuid, const std::optional<Node>& row,
                         const ironic::Call& call);
  void check_unknown(const Attributes& seen, const ironic::Call& call);
  bool create_node(const Json& node, const ironic::Call& call);

  // look_up.cc, active_node.cc
  void look_up(Report& report, const std::stop_token& stop);
  Work find_work(const Attributes& seen, const std::vector<std::string>& found,
                 const std::stop_token& stop);
  std::shared_ptr<NodeLock> lock_for_report(const std::string& uuid, const std::stop_token& stop);
  Work lock_to_process(const std::string& uuid, const std::stop_token& stop);
  std::optional<Work> record_active_node(const Attributes& seen, const std::stop_token& stop);
  std::set<std::string> nodes_by_bmc(const std::vector<std::string>& addresses,
                                     const ironic::Call& call);

  // abort.cc, reapply.cc
  std::string uuid_of(std::string_view node, const Call& call);
  void turn_off_aborted(const Work& work, const std::stop_token& stop);
  void abort_work(const Work& work, const std::stop_token& stop);
  void reapply_work(const Work& work, Json data, const std::stop_token& stop);

  Parts parts_;
  base::Env& env_;
  ConductorOptions options_;
  ProcessingOptions processing_;
  RamdiskLogsOptions logs_;
  Slots slots_;
  ReportAnswers answers_;
  base::Pool pool_;          ///< starts, aborts, reapplies
  base::Pool reports_pool_;  ///< reports and their ends
  Pacer pacer_;
};

}  // namespace inspector
