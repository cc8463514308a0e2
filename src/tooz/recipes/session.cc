#include "tooz/recipes/session.h"

#include "base/log.h"
#include "base/retry.h"
#include "tooz/recipes/any_stop.h"

#include <algorithm>
#include <utility>

namespace tooz {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto kFirstPause = milliseconds(100);
constexpr auto kLongestPause = seconds(2);
constexpr auto kLookAgain = seconds(60);  ///< an idle thread looks around this often

}  // namespace

SessionKeeper::SessionKeeper(Env& env, Backend& backend, const Setting& setting, const Meter& meter)
    : env_(env), backend_(backend), wanted_(setting.wanted), flaws_(setting.flaws), meter_(meter) {
  const auto stop = stopping_.get_token();
  keeper_ = env_.spawn("tooz-session", [this, stop](const std::stop_token&) { run(stop); });
  watchdog_ = env_.spawn("tooz-clock", [this, stop](const std::stop_token&) { watch_clock(stop); });
}

SessionKeeper::~SessionKeeper() { stop(); }

void SessionKeeper::stop() {
  stopping_.request_stop();
  keeper_.reset();
  watchdog_.reset();
  changed_.notify();
}

std::shared_ptr<Lease> SessionKeeper::current() const {
  std::shared_ptr<Lease> lease;
  {
    const std::lock_guard lock(mutex_);
    lease = lease_;
  }
  return lease && lease->remaining() > Env::Duration::zero() ? lease : nullptr;
}

std::shared_ptr<Lease> SessionKeeper::require() {
  if (auto lease = current()) return lease;
  Broadcast::Ticket ticket(env_, changed_);
  for (;;) {
    if (stopping_.stop_requested()) throw Error(Errc::kSessionLost, "the coordinator has stopped");
    if (auto lease = current()) return lease;
    {
      const std::lock_guard lock(mutex_);
      if (failure_) throw Error(*failure_);
    }
    ticket.wait_until(env_.now() + kLookAgain, stopping_.get_token());
  }
}

std::shared_ptr<Lease> SessionKeeper::wait(Env::TimePoint deadline, std::stop_token stop) {
  const AnyStop any(std::move(stop), stopping_.get_token());
  Broadcast::Ticket ticket(env_, changed_);
  for (;;) {
    if (any.requested()) return nullptr;
    if (auto lease = current()) return lease;
    const auto now = env_.now();
    if (now >= deadline) return nullptr;
    ticket.wait_until(std::min(deadline, now + kLookAgain), any.token());
  }
}

void SessionKeeper::run(const std::stop_token& stop) {
  base::Backoff backoff(env_, kFirstPause, kLongestPause);
  while (!stop.stop_requested()) {
    const auto lease = open();
    if (!lease) {
      env_.sleep_for(backoff.next(), stop);
      const std::lock_guard lock(mutex_);
      failure_.reset();
      continue;
    }
    backoff.reset(kFirstPause);
    publish(lease);
    keep(*lease, stop);
    lease->lose();
    if (!stop.stop_requested()) {
      meter_.add(Metrics::Count::kLeasesLost);
      base::log_warning("tooz.session", "the lease is lost; opening another one");
    }
    if (connected_)
      close(lease->id());
    else
      unclosed_.push_back(lease->id());
  }
  connected_ = false;
}

std::shared_ptr<Lease> SessionKeeper::open() {
  try {
    const auto sent = env_.now();
    const Session session = backend_.open_session(wanted_);
    std::string origin = backend_.origin();
    const auto stamp = flaws_.stamp_at_reply ? env_.now() : sent;
    auto lease = std::make_shared<Lease>(env_, session, std::move(origin), stamp, flaws_);
    note_answer(sent);
    meter_.add(Metrics::Count::kLeases);
    for (const SessionId old : std::exchange(unclosed_, {}))
      close(old);
    return lease;
  } catch (const Error& error) {
    fail(error);
  } catch (const std::exception& error) {
    fail(Error(Errc::kUnreachable, error.what()));
  }
  return nullptr;
}

void SessionKeeper::fail(const Error& error) {
  note_failure("cannot open a session", error.what());
  {
    const std::lock_guard lock(mutex_);
    failure_ = error;
  }
  changed_.notify();
}

void SessionKeeper::keep(Lease& lease, const std::stop_token& stop) {
  const AnyStop end(stop, lease.lost());
  auto due = env_.now() + lease.ttl() / 3;
  while (env_.sleep_until(due, end.token())) {
    const auto sent = env_.now();
    if (!renew(lease, sent)) return;
    due = connected_ ? sent + lease.ttl() / 3 : env_.now() + lease.ttl() / 20;
  }
}

// False: the lease is over.
bool SessionKeeper::renew(Lease& lease, Env::TimePoint sent) {
  try {
    const auto before = lease.ttl();
    meter_.time(Metrics::Time::kLeaseAge, sent - confirmed());
    const auto ttl = backend_.renew(lease.id());
    note_answer(sent);
    const bool good = lease.extend(sent, ttl);
    if (ttl != before) changed_.notify();  // the watchdog's deadline may be nearer now
    return good;
  } catch (const Error& error) {
    if (error.code() == Errc::kSessionLost) return false;
    note_failure("cannot renew the lease", error.what());
  } catch (const std::exception& error) {
    note_failure("cannot renew the lease", error.what());
  }
  return true;
}

void SessionKeeper::close(SessionId session) noexcept {
  try {
    backend_.close_session(session);
  } catch (const std::exception& error) {
    base::log_info("tooz.session", "a session is left to run out", {{"error", error.what()}});
  }
}

void SessionKeeper::publish(std::shared_ptr<Lease> lease) {
  {
    const std::lock_guard lock(mutex_);
    lease_ = std::move(lease);
  }
  changed_.notify();
}

// One line when the backend stops answering, one when it answers again.
void SessionKeeper::note_failure(std::string_view what, std::string_view why) {
  connected_ = false;
  if (std::exchange(failing_, true)) return;
  base::log_warning("tooz.session", what, {{"error", why}});
}

void SessionKeeper::note_answer(Env::TimePoint sent) {
  confirmed_ = sent.time_since_epoch().count();
  connected_ = true;
  if (std::exchange(failing_, false)) base::log_info("tooz.session", "the backend answers again");
}

void SessionKeeper::watch_clock(const std::stop_token& stop) {
  Broadcast::Ticket ticket(env_, changed_);
  std::shared_ptr<Lease> lease;
  while (!stop.stop_requested()) {
    {
      const std::lock_guard lock(mutex_);
      lease = lease_;
    }
    const bool live = lease && !lease->lost().stop_requested();
    if (live && lease->remaining() == Env::Duration::zero()) {
      lease->lose();
      changed_.notify();
      continue;
    }
    ticket.wait_until(live ? lease->safe_until() : env_.now() + kLookAgain, stop);
  }
}

}  // namespace tooz
