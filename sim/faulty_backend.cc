#include "sim/faulty_backend.h"

#include <algorithm>

#include "tooz/error.h"

namespace sim {
namespace {

constexpr std::size_t kMostLate = 64;
const std::stop_token kNever;

}  // namespace

FaultyBackend::FaultyBackend(Env& env, std::shared_ptr<tooz::Backend> inner, const Faults& faults,
                             ServerTime server_time)
    : env_(env), inner_(std::move(inner)), server_time_(std::move(server_time)), faults_(faults) {}

FaultyBackend::~FaultyBackend() = default;

void FaultyBackend::set_faults(const Faults& faults) {
  const std::lock_guard lock(mutex_);
  faults_ = faults;
}

Faults FaultyBackend::faults() const {
  const std::lock_guard lock(mutex_);
  return faults_;
}

FaultyBackend::Counts FaultyBackend::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void FaultyBackend::count(std::uint64_t Counts::*kind) {
  const std::lock_guard lock(mutex_);
  ++(counts_.*kind);
}

void FaultyBackend::partition_until(Env::TimePoint when) noexcept {
  partition_end_ = when.time_since_epoch().count();
}

bool FaultyBackend::partitioned() const {
  return env_.now().time_since_epoch().count() < partition_end_;
}

bool FaultyBackend::happens(double chance) {
  constexpr double kSpan = 1ULL << 32;
  return chance > 0 && static_cast<double>(env_.random() >> 32) < chance * kSpan;
}

base::Env::Duration FaultyBackend::delay(Env::Duration longest) {
  if (longest <= Env::Duration::zero()) return {};
  const auto span = static_cast<std::uint64_t>(longest.count());
  return Env::Duration(static_cast<Env::Duration::rep>(env_.random() % span));
}

void FaultyBackend::travel(const Faults& faults) {
  env_.sleep_for(delay(happens(faults.slow) ? faults.timeout : faults.longest_delay), kNever);
}

// A call under way ends with the patience that is set now.
void FaultyBackend::give_up(Env::TimePoint when) {
  env_.sleep_until(std::min(when, env_.now() + faults().timeout), kNever);
  throw tooz::Error(tooz::Errc::kUnreachable, "injected");
}

void FaultyBackend::pass(const Request& request) {
  const Faults now = faults();
  const auto end = env_.now() + now.timeout;
  travel(now);
  const bool late = happens(now.late_request);
  const bool lost = !late && (happens(now.lost_request) || partitioned());
  const bool unheard = happens(now.lost_reply);
  {
    const std::lock_guard lock(mutex_);
    ++counts_.calls;
    if (late) ++counts_.late_requests;
    if (lost) ++counts_.lost_requests;
    if (!late && !lost && unheard) ++counts_.lost_replies;
  }
  if (late) send_late(request);
  if (late || lost) give_up(end);
  try {
    request();
  } catch (const tooz::Error&) {
    if (unheard || partitioned()) give_up(end);
    throw;
  }
  travel(now);
  if (unheard || partitioned() || env_.now() > end) give_up(end);
}

void FaultyBackend::send_late(Request request) {
  const Faults now = faults();
  const auto when = env_.now() + now.timeout + delay(2 * now.timeout);
  auto body = [this, when, request = std::move(request)](const std::stop_token& stop) {
    if (!env_.sleep_until(when, stop)) return;
    try {
      request();
    } catch (const tooz::Error&) {
      return;  // nobody is there to hear it
    }
  };
  auto thread = env_.spawn("late-request", std::move(body));
  std::unique_ptr<Env::Thread> oldest;
  const std::lock_guard lock(mutex_);
  late_.push_back(std::move(thread));
  if (late_.size() > kMostLate) {
    oldest = std::move(late_.front());
    late_.erase(late_.begin());
  }
}

tooz::Session FaultyBackend::open_session(Env::Duration wanted) {
  count(&Counts::writes);
  const auto result = std::make_shared<tooz::Session>();
  pass([inner = inner_, result, wanted] { *result = inner->open_session(wanted); });
  return *result;
}

base::Env::Duration FaultyBackend::renew(tooz::SessionId session) {
  count(&Counts::renewals);
  const auto result = std::make_shared<Env::Duration>();
  pass([inner = inner_, result, session] { *result = inner->renew(session); });
  return *result;
}

void FaultyBackend::close_session(tooz::SessionId session) {
  count(&Counts::writes);
  pass([inner = inner_, session] { inner->close_session(session); });
}

std::optional<tooz::Revision> FaultyBackend::create(std::string_view key, std::string_view value,
                                                    tooz::SessionId owner,
                                                    const tooz::Guard& guard) {
  count(&Counts::writes);
  const auto result = std::make_shared<std::optional<tooz::Revision>>();
  pass([inner = inner_, result, k = std::string(key), v = std::string(value), owner,
        present = std::string(guard.present), empty = std::string(guard.empty_prefix)] {
    *result = inner->create(k, v, owner, {present, empty});
  });
  return *result;
}

std::optional<tooz::Revision> FaultyBackend::replace(std::string_view key, std::string_view value,
                                                     tooz::Revision expected) {
  count(&Counts::writes);
  const auto result = std::make_shared<std::optional<tooz::Revision>>();
  pass([inner = inner_, result, k = std::string(key), v = std::string(value), expected] {
    *result = inner->replace(k, v, expected);
  });
  return *result;
}

bool FaultyBackend::remove(std::string_view key, tooz::Revision expected,
                           const tooz::Guard& guard) {
  count(&Counts::writes);
  const auto result = std::make_shared<bool>();
  pass([inner = inner_, result, k = std::string(key), expected,
        present = std::string(guard.present), empty = std::string(guard.empty_prefix)] {
    *result = inner->remove(k, expected, {present, empty});
  });
  return *result;
}

std::optional<tooz::Entry> FaultyBackend::get(std::string_view key) {
  count(&Counts::reads);
  const auto result = std::make_shared<std::optional<tooz::Entry>>();
  pass([inner = inner_, result, k = std::string(key)] { *result = inner->get(k); });
  return *result;
}

tooz::Snapshot FaultyBackend::list(std::string_view prefix) {
  count(&Counts::reads);
  const auto result = std::make_shared<tooz::Snapshot>();
  pass([inner = inner_, result, p = std::string(prefix)] { *result = inner->list(p); });
  return *result;
}

// A request like any other first; what the backend then tells by itself can be lost too.
void FaultyBackend::wait_change(std::string_view prefix, tooz::Revision at, Env::TimePoint deadline,
                                std::stop_token stop) {
  count(&Counts::waits);
  pass([] {});
  const bool same_clock = !server_time_ || deadline == Env::TimePoint::max();
  inner_->wait_change(prefix, at, same_clock ? deadline : server_time_(deadline), stop);
  if (!stop.stop_requested()) pass([] {});
}

std::optional<tooz::Changes> FaultyBackend::next_changes(std::string_view prefix, tooz::Revision at,
                                                         Env::TimePoint deadline,
                                                         std::stop_token stop) {
  if (!tells_) return Backend::next_changes(prefix, at, deadline, std::move(stop));
  count(&Counts::waits);
  pass([] {});
  const bool same_clock = !server_time_ || deadline == Env::TimePoint::max();
  auto changes =
      inner_->next_changes(prefix, at, same_clock ? deadline : server_time_(deadline), stop);
  if (!stop.stop_requested()) pass([] {});
  return changes;
}

std::string FaultyBackend::origin() {
  count(&Counts::reads);
  const auto result = std::make_shared<std::string>();
  pass([inner = inner_, result] { *result = inner->origin(); });
  return *result;
}

}  // namespace sim
