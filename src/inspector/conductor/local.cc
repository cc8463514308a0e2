#include "inspector/conductor/local.h"

#include "base/log.h"
#include "inspector/conductor/failures.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.conductor";
constexpr std::size_t kMostThreads = 256;   ///< of each pool; most of them wait for Ironic
constexpr std::size_t kMostReports = 256;   ///< that wait for a thread; more wait in the journal
constexpr std::size_t kMostAnswers = 4096;  ///< reports that are waited for at the same time

std::size_t threads_of_each_pool(const ConductorOptions& options) {
  return std::min(kMostThreads, options.max_concurrency);
}

base::Pool::Options starts_pool(const ConductorOptions& options) {
  return {.name = "work",
          .max_threads = threads_of_each_pool(options),
          .max_queued = options.max_concurrency};
}

base::Pool::Options reports_pool(const ConductorOptions& options) {
  return {
      .name = "reports", .max_threads = threads_of_each_pool(options), .max_queued = kMostReports};
}

}  // namespace

LocalConductor::LocalConductor(Parts parts, ConductorOptions options, ProcessingOptions processing)
    : parts_(std::move(parts)),
      env_(parts_.env),
      options_(std::move(options)),
      processing_(std::move(processing)),
      logs_{processing_.ramdisk_logs_dir, processing_.ramdisk_logs_filename_format,
            processing_.always_store_ramdisk_logs},
      slots_(options_.max_concurrency),
      answers_(env_, kMostAnswers),
      pool_(env_, starts_pool(options_)),
      reports_pool_(env_, reports_pool(options_)),
      turns_(env_) {}

LocalConductor::~LocalConductor() { drain(env_.now()); }

void LocalConductor::retire() noexcept {
  retired_ = true;
  turns_.close();
  try {
    parts_.journal.hand_over(parts_.owner.now().incarnation, Journal::Which::kQueued);
  } catch (const std::exception& error) {
    base::log_warning(kComponent,
                      std::string("What waits could not be handed over: ") + error.what());
  }
}

bool LocalConductor::drain(base::Env::TimePoint deadline) {
  if (drained_.exchange(true)) return true;
  retire();
  bool all = pool_.drain(deadline);
  all = reports_pool_.drain(deadline) && all;
  try {
    const std::int64_t left = parts_.journal.hand_over(parts_.owner.now().incarnation);
    if (left != 0) base::log_info(kComponent, "Unfinished work was handed over", {{"left", left}});
  } catch (const std::exception& error) {
    base::log_warning(kComponent,
                      std::string("Unfinished work could not be handed over: ") + error.what());
  }
  return all;
}

ironic::Call LocalConductor::under(const Work& work, std::stop_token stop) {
  return {std::move(stop), work.lock->lost(), [lock = work.lock] { return lock->remaining(); }};
}

/// Whoever asked has given up, or was told something else: what nobody knows of must not follow.
void LocalConductor::check_in_time(const Call& call) const {
  if (env_.now() >= call.deadline)
    throw Error(Errc::kUnavailable, "The call came too late, please, retry later");
}

LocalConductor::Json LocalConductor::get_ironic_node(std::string_view id,
                                                     const ironic::Call& call) {
  try {
    return parts_.ironic.get_node(id, call);
  } catch (const ironic::Error& error) {
    if (error.status == 404)
      throw Error(Errc::kNotFound, "Node " + std::string(id) + " was not found in Ironic");
    throw ironic_error("Cannot get node " + std::string(id) + ": ", error);
  }
}

Node LocalConductor::get_row(const std::string& uuid) {
  std::optional<Node> row = parts_.store.get(uuid);
  if (!row) throw Error(Errc::kNotFound, "Could not find node " + uuid + " in cache");
  return *std::move(row);
}

Slots::Slot LocalConductor::take_slot() {
  Slots::Slot slot = slots_.take();
  if (!slot)
    throw Error(Errc::kUnavailable, "Too many introspections are in progress, please, retry later");
  return slot;
}

bool LocalConductor::has_thread_for(Operation::Kind kind) const noexcept {
  const base::Pool& pool = kind == Operation::Kind::kProcess ? reports_pool_ : pool_;
  return pool.queued() + pool.running() < threads_of_each_pool(options_);
}

HeldOperations::Ptr LocalConductor::new_operation(Operation::Kind kind, const std::string& uuid) {
  Operation operation = parts_.journal.make(kind, uuid);
  const Journal::Owner us = parts_.owner.now();
  operation.owner = us.host;
  operation.incarnation = us.incarnation;
  if (!has_thread_for(kind)) operation.tries = Operation::kNotBegun;
  return held_.hold(std::move(operation), env_);
}

/// Without room it is left in the journal, where it is found again.
void LocalConductor::in_background(const Work& work, Body body) {
  const bool accepted = pool_.submit([this, work, body = std::move(body)](std::stop_token stop) {
    attempt(work, stop, [&] {
      parts_.journal.begin(*work.op);
      body(work, stop);
    });
  });
  if (!accepted)
    base::log_info(kComponent, "There is no room, the work goes on later", {{"node", work.uuid}});
}

}  // namespace inspector
