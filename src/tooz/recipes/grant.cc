#include "tooz/recipes/grant.h"

#include "base/log.h"
#include "tooz/recipes/token_check.h"

#include <algorithm>

namespace tooz {

Grant::Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, What what, const Key& key,
             std::shared_ptr<QueuePlace> place)
    : Grant(std::move(core), std::move(lease), std::move(what), std::move(place), key,
            key.created) {
  // Who waits behind us looks around while we hold the lock, not when we give it back.
  if (place_ && !place_is_delayed()) core_->cleaner.soon([p = place_] { p->leave(); });
}

Grant::Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, What what,
             const std::shared_ptr<QueuePlace>& place)
    : Grant(std::move(core), std::move(lease), std::move(what), place, Key{}, place->revision()) {}

Grant::Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, What what,
             std::shared_ptr<QueuePlace> place, Key key, Revision number)
    : core_(std::move(core)),
      lease_(std::move(lease)),
      place_(std::move(place)),
      key_(std::move(key)),
      token_{lease_->origin(), number},
      held_(std::make_shared<HeldKey>(
          HeldKey{.kind = what.kind,
                  .name = std::move(what.name),
                  .key = key_.name.empty() ? place_->key() : key_.name,
                  .created = key_.name.empty() ? place_->created() : key_.created,
                  .lease = lease_})),
      since_(core_->env.now()) {
  on_lost_.emplace(lost(), OnLost{*this});
  on_lease_.emplace(lease_->lost(), OnLease{*this});
  if (place_is_delayed()) on_place_.emplace(place_->under()->lost(), OnLease{*this});
  // A simulated world is a process of many, and there are other worlds after it: it has its own
  // judges.
  if (!key_.name.empty() && &core_->env == &base::system_env())
    TokenCheck::instance().granted({token_, held_}, core_->meter);
  core_->watches.of(held_->key).add(held_);
}

Grant::~Grant() {
  try {
    release();
  } catch (const std::exception& error) {
    base::log_warning("tooz.lock", "a lock is given back later",
                      {{"key", held_->key}, {"error", error.what()}});
  }
}

Env::Duration Grant::remaining() const noexcept {
  auto left = lease_->remaining();
  if (place_is_delayed()) left = std::min(left, place_->under()->remaining() - core_->lock_delay);
  return held_->live() ? std::max(left, Env::Duration::zero()) : Env::Duration::zero();
}

void Grant::lease_lost() noexcept {
  if (held_->released.stop_requested() || !held_->lost.request_stop()) return;
  core_->losses.add(*held_);
}

void Grant::note_loss() noexcept {
  if (held_->released.stop_requested()) return;
  core_->meter.add(Metrics::Count::kLosses);
  leave_late();
}

// Lost, not given back: what it protects may still be in use, for as long as the delay.
void Grant::leave_late() noexcept {
  if (!place_) return;
  place_->leave_at(place_is_delayed() ? core_->env.now() + core_->lock_delay : Env::TimePoint{});
}

void Grant::release() {
  if (!held_->released.request_stop()) return;
  core_->watches.of(held_->key).remove(*held_);
  if (!held_->lost.stop_requested()) core_->meter.add(Metrics::Count::kReleases);
  core_->meter.since(Metrics::Time::kHeld, since_);
  std::optional<Error> failure;
  try {
    remove_key();
  } catch (const Error& error) {
    failure = error;
  }
  const bool left = !place_ || place_->leave();
  if (!left && key_.name.empty()) failure = Error(Errc::kUnreachable, held_->key);
  if (failure) throw Error(*failure);
}

void Grant::remove_key() {
  if (key_.name.empty()) return;
  if (core_->flaws.release_by_name) return remove_whosever_it_is();
  try {
    if (!lease_->lost().stop_requested()) core_->backend->remove(key_.name, key_.created);
  } catch (const Error&) {
    leave_to_cleaner();
    throw;
  }
  if (key_.may_come) leave_to_cleaner();
}

void Grant::remove_whosever_it_is() {
  const auto found = core_->backend->get(key_.name);
  if (found) core_->backend->remove(key_.name, found->revision);
}

void Grant::leave_to_cleaner() {
  core_->cleaner.add({.lease = lease_,
                      .key = key_.name,
                      .value = key_.value,
                      .due = {},
                      .may_come = key_.may_come});
}

}  // namespace tooz
