#include "inspector/conductor/local.h"

#include "base/log.h"
#include "inspector/conductor/failures.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.conductor";
constexpr std::size_t kMostThreads = 64;   ///< of each pool
constexpr std::size_t kMostReports = 256;  ///< that wait for a thread
constexpr auto kPoll = std::chrono::milliseconds(10);
constexpr std::size_t kMostAnswers = 4096;  ///< kept for repeated reports

base::Pool::Options starts_pool(const ConductorOptions& options) {
  return {.name = "work",
          .max_threads = std::min(kMostThreads, options.max_concurrency),
          .max_queued = options.max_concurrency};
}

base::Pool::Options reports_pool(const ConductorOptions& options) {
  return {.name = "reports",
          .max_threads = std::min(kMostThreads, options.max_concurrency),
          .max_queued = kMostReports};
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
      pacer_(env_, options_.introspection_delay, options_.max_concurrency) {}

LocalConductor::~LocalConductor() { drain(env_.now()); }

bool LocalConductor::drain(base::Env::TimePoint deadline) {
  // Who waits for a turn gets three quarters of the time: what gets its turn then must be done too.
  const auto now = env_.now();
  const auto turns = now + std::max(deadline - now, base::Env::Duration::zero()) / 4 * 3;
  // Work under way may not have asked for its turn yet: the queue closes when nothing is left.
  while (slots_.taken() > 0 && env_.now() < turns)
    env_.sleep_for(kPoll, {});
  bool all = pacer_.drain(turns);
  all = pool_.drain(deadline) && all;
  all = reports_pool_.drain(deadline) && all;
  return all;
}

ironic::Call LocalConductor::under(const Work& work, std::stop_token stop) {
  return {std::move(stop), work.lock->lost(), [lock = work.lock] { return lock->remaining(); }};
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

void LocalConductor::in_background(const Work& work, Body body) {
  const bool accepted = pool_.submit([this, work, body = std::move(body)](std::stop_token stop) {
    attempt(work, [&] { body(work, stop); });
  });
  if (!accepted)
    throw Error(Errc::kUnavailable,
                "Failed to submit introspection job: the conductor is shutting down");
}

void LocalConductor::or_fail(const Work& work, const std::function<void()>& body) {
  try {
    body();
  } catch (...) {
    const std::exception_ptr failure = std::current_exception();
    if (is_lock_lost(failure))
      base::log_warning(kComponent,
                        "The lock of the node was lost, its work stops here: " + text_of(failure),
                        {{"node", work.uuid}});
    else
      fail(work, text_of(failure));
    throw;
  }
}

void LocalConductor::attempt(const Work& work, const std::function<void()>& body) noexcept {
  try {
    or_fail(work, body);
  } catch (...) {
    // or_fail() has written it down.
  }
}

void LocalConductor::fail(const Work& work, const std::string& text) noexcept {
  try {
    base::log_error(kComponent, text, {{"node", work.uuid}});
    parts_.store.finish(work.uuid, Event::kError, text, work.lock->token());
  } catch (const StaleToken& error) {
    base::log_warning(kComponent, error.what(), {{"node", work.uuid}});
  } catch (const std::exception& error) {
    base::log_error(kComponent, std::string("The failure could not be stored: ") + error.what(),
                    {{"node", work.uuid}});
  }
}

}  // namespace inspector
