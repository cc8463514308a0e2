#include "tooz/coordinator.h"

#include "tooz/driver.h"
#include "tooz/recipes/exclusive_acquirer.h"
#include "tooz/recipes/group_watch.h"
#include "tooz/recipes/groups.h"
#include "tooz/recipes/membership.h"
#include "tooz/recipes/semaphore_acquirer.h"
#include "tooz/recipes/shared_acquirer.h"
#include "tooz/recipes/wiring.h"
#include "tooz/url.h"
#include "tooz/value.h"

#include <algorithm>

namespace tooz {
namespace {

const Driver& driver_for(const Url& url) {
  const auto all = drivers();
  const auto found = std::ranges::find(all, url.scheme, &Driver::scheme);
  if (found != all.end()) return *found;
  const auto out = drivers_left_out();
  if (std::ranges::find(out, url.scheme) != out.end())
    throw Error(Errc::kBadUrl,
                "this build has no driver for " + url.scheme + "://: it was left out");
  std::string known;
  for (const Driver& driver : all)
    known.append(known.empty() ? "" : ", ").append(driver.scheme);
  throw Error(Errc::kBadUrl,
              "there is no driver `" + url.scheme + "` in this build, which has " + known);
}

Env::Duration lease_of(const Url& url, Env::Duration otherwise) {
  const auto membership = url.duration("membership_timeout");
  const auto lock = url.duration("lock_timeout");
  if (membership && lock) return std::min(*membership, *lock);
  return membership.value_or(lock.value_or(otherwise));
}

// Python's readers fail on null, and its older ones on anything but a map.
std::string stored(const Value& capabilities) {
  return to_msgpack(capabilities.is_null() ? Value(Value::Map{}) : capabilities);
}

// Error{kUnsuitable} naming what is missing.
void check_promises(const Features& has, const Requirements& wanted, std::string_view what) {
  std::string missing;
  const auto need = [&](bool needed, bool promised, std::string_view name) {
    if (needed && !promised) missing.append(missing.empty() ? "" : ", ").append(name);
  };
  need(wanted.survives_restart, has.survives_restart, "survives restart");
  need(wanted.linearizable, has.linearizable, "linearizable");
  need(wanted.notifies, has.notifies, "notifies");
  need(wanted.across_hosts, has.across_hosts, "across hosts");
  need(wanted.keeps_live_keys, !has.evicts, "does not evict");
  if (!missing.empty())
    throw Error(Errc::kUnsuitable, std::string(what) + " does not promise: " + missing);
}

Options checked(Options options) {
  if (!options.member_id.empty()) check_name("member id", options.member_id);
  if (options.lease <= Env::Duration::zero()) throw Error(Errc::kBadUrl, "the lease is not a time");
  constexpr auto kLongest = std::chrono::hours(1);
  if (options.lock_delay < Env::Duration::zero() || options.lock_delay > kLongest)
    throw Error(Errc::kBadUrl, "the lock delay is not a time from 0 to an hour");
  return options;
}

}  // namespace

class Coordinator::Impl {
 public:
  Impl(Env& env, Wiring wiring, const Options& options)
      : features(wiring.features),
        core(std::make_shared<Core>(env, metered(env, std::move(wiring.backend), options.metrics),
                                    Core::Setting{.member_id = options.member_id,
                                                  .lease = options.lease,
                                                  .lock_delay = options.lock_delay,
                                                  .flaws = wiring.flaws,
                                                  .metrics = options.metrics})),
        membership(core, std::move(wiring.processes), options.on_rejoined) {}
  ~Impl() { core->shutdown(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::shared_ptr<GroupWatch> watch(std::string_view group);
  /// Passes on whether `group` was changed, which its view must show from now on.
  bool changed(std::string_view group, bool done) {
    if (const auto found = find_watch(group)) found->refresh();
    return done;
  }
  std::string member_id() const {
    check_name("member id", core->member_id);
    return core->member_id;
  }

  const Features features;
  const std::shared_ptr<Core> core;
  Membership membership;

 private:
  std::shared_ptr<GroupWatch> find_watch(std::string_view group);

  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<GroupWatch>, std::less<>> watches_;
};

std::shared_ptr<GroupWatch> Coordinator::Impl::find_watch(std::string_view group) {
  const std::lock_guard lock(mutex_);
  const auto found = watches_.find(group);
  return found == watches_.end() ? nullptr : found->second;
}

std::shared_ptr<GroupWatch> Coordinator::Impl::watch(std::string_view group) {
  check_name("group", group);
  if (auto found = find_watch(group)) return found;
  auto fresh = std::make_shared<GroupWatch>(core, std::string(group));
  const std::lock_guard lock(mutex_);
  return watches_.try_emplace(std::string(group), fresh).first->second;
}

Coordinator::Coordinator(Env& env, std::string_view url, Options options) {
  const Url parsed = parse_url(url);
  const Driver& driver = driver_for(parsed);
  options.lease = lease_of(parsed, options.lease);
  options = checked(std::move(options));
  check_promises(driver.features, options.require, parsed.scheme + "://");
  impl_ = std::make_unique<Impl>(
      env, Wiring{driver.open(env, parsed), system_processes(), {}, driver.features}, options);
}

Coordinator::Coordinator(Env& env, Wiring wiring, Options options) {
  options = checked(std::move(options));
  check_promises(wiring.features, options.require, "the backend");
  impl_ = std::make_unique<Impl>(env, std::move(wiring), options);
}

Coordinator::~Coordinator() = default;

const Features& Coordinator::features() const noexcept { return impl_->features; }

bool Coordinator::connected() const noexcept { return impl_->core->sessions.connected(); }

bool Coordinator::create_group(std::string_view group) {
  check_name("group", group);
  return impl_->changed(group, tooz::create_group(*impl_->core->backend, group));
}

bool Coordinator::remove_group(std::string_view group) {
  check_name("group", group);
  return impl_->changed(group, tooz::remove_group(*impl_->core->backend, group));
}

std::vector<std::string> Coordinator::groups() { return list_groups(*impl_->core->backend); }

bool Coordinator::join(std::string_view group, const Value& capabilities) {
  check_name("group", group);
  impl_->member_id();
  return impl_->changed(group, impl_->membership.join(std::string(group), stored(capabilities)));
}

bool Coordinator::leave(std::string_view group) {
  check_name("group", group);
  return impl_->changed(group, impl_->membership.leave(std::string(group)));
}

bool Coordinator::update_capabilities(std::string_view group, const Value& capabilities) {
  check_name("group", group);
  return impl_->changed(group, impl_->membership.update(std::string(group), stored(capabilities)));
}

View Coordinator::view(std::string_view group) { return impl_->watch(group)->view(); }

GroupChange Coordinator::next_change(std::string_view group, std::stop_token stop) {
  return impl_->watch(group)->next_change(std::move(stop));
}

Follower Coordinator::follow(std::string_view group) { return Follower(impl_->watch(group)); }

Lock Coordinator::lock(std::string_view name, Mode mode) {
  check_name("lock", name);
  const Grant::What what{HeldKey::Kind::kLock, std::string(name)};
  if (mode == Mode::kShared)
    return Lock(std::make_shared<const SharedAcquirer>(impl_->core, what, lock_keys(name)));
  return Lock(std::make_shared<const ExclusiveAcquirer>(impl_->core, what, lock_keys(name), ""));
}

Semaphore Coordinator::semaphore(std::string_view name, std::size_t permits) {
  constexpr std::size_t kMost = 10'000;
  check_name("semaphore", name);
  if (permits < 1 || permits > kMost)
    throw Error(Errc::kOtherPermits, "permits from 1 to 10000, not " + std::to_string(permits));
  const Grant::What what{HeldKey::Kind::kPermit, std::string(name)};
  return Semaphore(std::make_shared<const SemaphoreAcquirer>(impl_->core, what,
                                                             semaphore_prefix(name), permits));
}

Election Coordinator::election(std::string_view group) {
  check_name("group", group);
  const Grant::What what{HeldKey::Kind::kLeadership, std::string(group)};
  return Election(std::make_shared<const ExclusiveAcquirer>(impl_->core, what, election_keys(group),
                                                            impl_->core->member_id));
}

std::unique_ptr<Partition> Coordinator::partition(std::string_view group, unsigned partitions) {
  return std::make_unique<Partition>(impl_->watch(group), impl_->core->member_id, partitions);
}

}  // namespace tooz
