#include "inspector/service/worker.h"

#include "base/ini.h"
#include "base/log.h"

#include <stdexcept>

namespace inspector {
namespace {

constexpr base::Env::Duration kAbandoned = std::chrono::seconds(10);
constexpr base::Env::Duration kKeptAnswers = std::chrono::minutes(5);

/// A format that cannot be used would be found by the first report that fails, and lose its logs.
const ProcessingOptions& checked(const ProcessingOptions& options) {
  try {
    log_file_name(options.ramdisk_logs_filename_format, {}, {});
  } catch (const std::invalid_argument& error) {
    throw base::ConfigError("[processing]ramdisk_logs_filename_format = " +
                            options.ramdisk_logs_filename_format + ": " + error.what());
  }
  return options;
}

std::unique_ptr<PxeFilter> make_filter(base::Env& env, const Config& config, Stores& stores) {
  const PxeFilterOptions& options = config.pxe_filter;
  if (options.driver == PxeFilterOptions::Driver::kNoop) return noop_filter();
  std::unique_ptr<Gate> gate = options.driver == PxeFilterOptions::Driver::kDnsmasq
                                   ? dnsmasq_gate(options.dnsmasq)
                                   : iptables_gate(options.iptables);
  return std::make_unique<GateKeeper>(env, std::move(gate),
                                      BootSetSource(stores.nodes, *stores.ironic, options.source),
                                      options.keeper);
}

std::unique_ptr<PxeFilter> filter_among(base::Env& env, const Config& config, PxeFilter& own,
                                        const Worker::Others* others) {
  if (others == nullptr || config.pxe_filter.driver == PxeFilterOptions::Driver::kNoop)
    return nullptr;
  return std::make_unique<ClusterFilter>(
      ClusterFilter::Parts{env, own, others->directory, others->transport},
      std::string(kConductorPrefix) + config.conductor.host);
}

}  // namespace

Worker::Worker(base::Env& env, const Config& config, Stores& stores, NodeLocks& locks,
               const Others* others)
    : env_(env),
      nodes_(stores.nodes),
      locks_(locks),
      options_(config.conductor),
      journal_(env, *stores.database),
      owner_(env, locks, journal_, config.conductor.host),
      rules_(env, stores.rules),
      pipeline_(checked(config.processing), &rules_),
      filter_(make_filter(env, config, stores)),
      cluster_filter_(filter_among(env, config, *filter_, others)),
      tasks_{env, stores.nodes, locks, *stores.ironic, *filter_},
      conductor_({.env = env,
                  .store = stores.nodes,
                  .data = *stores.data,
                  .journal = journal_,
                  .locks = locks,
                  .owner = owner_,
                  .ironic = *stores.ironic,
                  .filter = cluster_filter_ ? *cluster_filter_ : *filter_,
                  .pipeline = pipeline_},
                 config.conductor, config.processing),
      periodic_(env) {}

void Worker::start_takeover(base::Env::Duration spacing, std::function<Takeover::Share()> share) {
  takeover_ = std::make_unique<Takeover>(Takeover::Parts{.env = env_,
                                                         .journal = journal_,
                                                         .locks = locks_,
                                                         .owner = owner_,
                                                         .conductor = conductor_,
                                                         .share = std::move(share)},
                                         spacing);
}

void Worker::retire() noexcept { conductor_.retire(); }

void Worker::start_tasks(const Leader& leader) {
  tasks_.leader = &leader;
  periodic_.add("abandoned", kAbandoned, [this](const std::stop_token& stop) {
    if (tasks_.go_on(stop)) end_abandoned(tasks_, stop);
  });
  periodic_.add("kept_answers", kKeptAnswers, [this](const std::stop_token& stop) {
    if (tasks_.go_on(stop)) journal_.drop_old_answers();
  });
  if (!options_.clean_up_period) return;
  if (options_.timeout)
    periodic_.add("clean_up", *options_.clean_up_period, [this](const std::stop_token& stop) {
      if (tasks_.go_on(stop)) end_overdue(tasks_, *options_.timeout, stop);
    });
  periodic_.add("sync_with_ironic", *options_.clean_up_period, [this](const std::stop_token& stop) {
    if (tasks_.go_on(stop)) drop_deleted(tasks_, stop);
  });
}

bool Worker::stop(base::Env::TimePoint deadline) {
  periodic_.stop();
  takeover_.reset();
  const bool all = conductor_.drain(deadline);
  const JournalCounters& counts = journal_.counters;
  base::log_info("inspector.service", "What was counted since the start",
                 {{"taken_over", counts.taken_over.load()},
                  {"resumed", counts.resumed.load()},
                  {"handed_over", counts.handed_over.load()},
                  {"sets_sent_again", counts.sets_sent_again.load()},
                  {"power_repeats", counts.power_repeats.load()},
                  {"power_awaited", counts.power_awaited.load()},
                  {"power_spared", counts.power_spared.load()},
                  {"poisoned", counts.poisoned.load()},
                  {"refused_writes", nodes_.stale_writes()}});
  if (!all)
    base::log_warning(
        "inspector.service",
        "Some work was not finished in time, it goes on elsewhere or at the next start");
  return all;
}

}  // namespace inspector
