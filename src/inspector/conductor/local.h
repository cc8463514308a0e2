#pragma once
#include "base/pool.h"
#include "inspector/conductor/bmc_address.h"
#include "inspector/conductor/conductor.h"
#include "inspector/conductor/due_tasks.h"
#include "inspector/conductor/held_operations.h"
#include "inspector/conductor/journal.h"
#include "inspector/conductor/node_locks.h"
#include "inspector/conductor/owner.h"
#include "inspector/conductor/ramdisk_logs.h"
#include "inspector/conductor/report_answers.h"
#include "inspector/conductor/report_body.h"
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

/// Does the work itself: the operations of the API on one node each, under that node's lock. Before
/// a call is answered, its operation stands in the journal, and each step before it is taken; so
/// whatever ends this process, another conductor, or the next process, goes on with resume().
///
/// What goes on after a call has returned runs on two bounded pools, one for starts, aborts and
/// reapplies, one for reports, so that a rush of starts cannot keep a report waiting. What finds a
/// pool full, a lock lost or the database away is left in the journal and resumed later (takeover.h
/// looks for it).
class LocalConductor final : public Conductor {
 public:
  /// All outlive the conductor.
  struct Parts {
    base::Env& env;
    NodeStore& store;
    DataStore& data;
    Journal& journal;
    NodeLocks& locks;
    Owner& owner;
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
               const Call& call) override;                              // reapply.cc
  std::string process(ParsedReport report, const Call& call) override;  // accept.cc

  /// Goes on with an operation that nobody works on, in the background, if it can be claimed; after
  /// retire() gives away those of our own. False: not now, there is no room.
  bool resume(Operation operation);  // resume.cc
  bool give_away(Operation operation);

  std::size_t working_on() const { return held_.count(); }

  /// Gives away at once what only waits for its turn, and takes nothing over any more; calls are
  /// still taken. What has to wait from now on is given away by resume().
  void retire() noexcept;

  /// Takes no more background work, waits for what is under way, and gives away in the journal what
  /// is not done. False: `deadline` came first.
  bool drain(base::Env::TimePoint deadline);

 private:
  using Json = boost::json::object;

  /// A node that is worked on: its lock is held until the last copy is gone.
  struct Work {
    std::string uuid;
    std::shared_ptr<NodeLock> lock;
    bool manage_boot = true;
    Slots::Slot slot{};
    HeldOperations::Ptr op{};
    std::optional<KeptAnswer> answer{};  ///< what the sender of the report was told
  };
  /// What becomes of a machine's power when its report has been processed.
  enum class Ending { kPowerOff, kTryPowerOff, kKeepPower };
  /// What one report, or stored data, comes to: all that is sent to Ironic.
  struct ChangeSet {
    NodeChanges changes{};
    Ending ending = Ending::kPowerOff;
  };
  using Posted = PostedReport;
  /// A report on its way through the steps.
  struct Report {
    ParsedReport data;
    HeldOperations::Ptr op;
    ReportAnswers::RunPtr run{};  ///< none: nobody waits for it here
    std::shared_ptr<const Posted> posted{};
    std::vector<std::string> failures{};
    std::optional<Work> work{};  ///< once the node is found
    Ending ending = Ending::kPowerOff;
  };
  using Body = std::function<void(const Work&, const std::stop_token&)>;
  using Step = Operation::Step;

  // local.cc: what the operations share
  static ironic::Call reading(std::stop_token stop) { return {std::move(stop), {}, {}}; }
  static ironic::Call under(const Work& work, std::stop_token stop);
  void check_in_time(const Call& call) const;
  Json get_ironic_node(std::string_view id, const ironic::Call& call);
  Node get_row(const std::string& uuid);
  Slots::Slot take_slot();
  bool has_thread_for(Operation::Kind kind) const noexcept;
  HeldOperations::Ptr new_operation(Operation::Kind kind, const std::string& uuid);
  void in_background(const Work& work, Body body);

  // endings.cc: steps, and how operations end
  WriteUnder step(const Work& work, Step step) const;
  WriteUnder ending(const Work& work) const;
  void or_fail(const Work& work, const std::stop_token& stop, const std::function<void()>& body);
  void attempt(const Work& work, const std::stop_token& stop,
               const std::function<void()>& body) noexcept;
  bool passes(const Work& work, const std::exception_ptr& failure,
              const std::stop_token& stop) const noexcept;
  void fail(const Work& work, const std::string& text, const Error& told) noexcept;

  // introspect.cc
  void start(const Json& node, bool manage_boot, const Call& call);
  std::optional<NodeLock> lock_to_start(const std::string& uuid, const Call& call);
  bool is_done(const Call& call);
  void start_unmanaged(const Work& work, const std::stop_token& stop);
  void run_start(const Work& work, const std::stop_token& stop);
  std::vector<std::string> macs_of(const Work& work, const ironic::Call& call);
  void store_macs(const Work& work, const std::vector<std::string>& macs, const WriteUnder& with);

  // power.cc
  Journal::Pace pace() const { return {options_.introspection_delay, options_.max_booting}; }
  void boot(const Work& work, const std::vector<std::string>& macs, const std::stop_token& stop);
  void take_turn(const Work& work, const std::vector<std::string>& macs);
  void wait_for_turn(const Work& work, WallTime due, bool granted);
  void power_on(const Work& work, const std::stop_token& stop);
  void resume_power(const Work& work, base::Env::TimePoint until, const std::stop_token& stop);
  void booted(const Work& work);

  // accept.cc
  void lead(std::shared_ptr<Posted> posted, const ReportAnswers::RunPtr& run, const Call& call);
  static std::shared_ptr<Posted> posted_again(const Posted& posted);
  bool await_others(const std::string& digest, const Call& call);
  bool process_here(const std::shared_ptr<Posted>& posted, const ReportAnswers::RunPtr& run,
                    const Call& call);
  void enter(Operation& op, const std::string& body);
  bool submit(const std::shared_ptr<Posted>& posted, const HeldOperations::Ptr& op,
              const ReportAnswers::RunPtr& run, const std::shared_ptr<std::atomic<bool>>& ticket);

  // process.cc
  void run_report(Report report, const std::stop_token& stop);
  void enter_now(const Report& report);
  void check_failures(const Report& report);
  void save_unprocessed(const Report& report);
  void update_node(Report& report, const std::stop_token& stop);
  void update_in_ironic(Report& report, Json node, const ironic::Call& call);
  void begin_processing(Report& report);
  void processed(Report& report, const std::stop_token& stop);
  void known(Report& report, const Journal::Repeated& known);
  void not_processed(Report& report, const std::exception_ptr& failure,
                     const std::stop_token& stop);
  void leave_or_drop(const Report& report, bool later);
  void settle(const Report& report, const KeptAnswer& answer);

  // change_set.cc
  void keep_set(const Work& work, const ChangeSet& set, std::string processed);
  ChangeSet kept_set(const Work& work);
  void send_set(const Work& work, const ChangeSet& set, const std::stop_token& stop);
  void finish(const Work& work, Ending ending, const std::stop_token& stop);

  // enroll.cc
  void discover(Report& report, const Attributes& seen, const std::stop_token& stop);
  std::optional<Work> enroll(const Report& report, const Json& node, const Attributes& seen,
                             const std::stop_token& stop);
  void check_left_behind(const std::string& uuid, const std::optional<Node>& row,
                         const ironic::Call& call);
  void check_unknown(const Attributes& seen, const ironic::Call& call);
  bool create_node(const Json& node, const ironic::Call& call);

  // look_up.cc, active_node.cc
  void look_up(Report& report, const std::stop_token& stop);
  Work find_work(const Report& report, const Attributes& seen,
                 const std::vector<std::string>& found, const std::stop_token& stop);
  std::shared_ptr<NodeLock> lock_for_report(const std::string& uuid, const std::stop_token& stop);
  Work lock_to_process(const Report& report, const std::string& uuid, const std::stop_token& stop);
  std::shared_ptr<NodeLock> await_lock(const Report& report, const std::string& uuid,
                                       const std::stop_token& stop);
  void check_processing(const Work& work);
  void end_dead_start(const Work& work);
  std::optional<Work> record_active_node(const Attributes& seen, const std::stop_token& stop);
  std::set<std::string> nodes_by_bmc(const std::vector<std::string>& addresses,
                                     const ironic::Call& call);

  // abort.cc, reapply.cc
  std::string uuid_of(std::string_view node, const Call& call);
  void turn_off_aborted(const Work& work, const std::stop_token& stop);
  void abort_work(const Work& work, const std::stop_token& stop);
  void enter_reapply(const Work& work, const Json& data, bool save);
  void reapply_work(const Work& work, Json data, const std::stop_token& stop);

  // resume.cc
  void go_on(Work work, const std::stop_token& stop);
  bool claim(Work& work);
  bool is_worn_out(const Work& work);
  bool fits_node(Work& work);
  void go_on_with_start(const Work& work, const std::stop_token& stop);
  void go_on_with_set(const Work& work, const std::stop_token& stop);
  void go_on_with_report(const Work& work, const std::stop_token& stop);

  Parts parts_;
  base::Env& env_;
  ConductorOptions options_;
  ProcessingOptions processing_;
  RamdiskLogsOptions logs_;
  Slots slots_;
  HeldOperations held_;
  ReportAnswers answers_;
  std::atomic<bool> retired_ = false;
  std::atomic<bool> drained_ = false;
  base::Pool pool_;          ///< starts, aborts, reapplies
  base::Pool reports_pool_;  ///< reports and their ends
  DueTasks turns_;           ///< power-ons that wait for their turn
};

}  // namespace inspector
