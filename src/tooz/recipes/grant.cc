#include "tooz/recipes/grant.h"

#include "base/log.h"
#include "tooz/recipes/any_stop.h"

#include <algorithm>

namespace tooz {

Grant::Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, Key key)
    : core_(std::move(core)),
      lease_(std::move(lease)),
      key_(std::move(key)),
      token_{lease_->origin(), key_.created},
      lost_with_lease_(lease_->lost(), Lose{lost_}) {
  watcher_ = core_->env.spawn("tooz-hold", [this](const std::stop_token&) { watch(); });
}

Grant::~Grant() {
  try {
    release();
  } catch (const std::exception& error) {
    base::log_warning("tooz.lock", "a lock is given back later",
                      {{"key", key_.name}, {"error", error.what()}});
  }
}

Env::Duration Grant::remaining() const noexcept {
  const auto left = lease_->remaining();
  return released_.stop_requested() || lost_.stop_requested() ? Env::Duration::zero() : left;
}

void Grant::release() {
  if (!released_.request_stop()) return;
  place_.reset();
  std::optional<Error> failure;
  try {
    if (!lease_->lost().stop_requested()) core_->backend->remove(key_.name, key_.created);
  } catch (const Error& error) {
    failure = error;
  }
  if (failure || key_.may_come) leave_to_cleaner();
  watcher_.reset();
  if (failure) throw Error(*failure);
}

void Grant::leave_to_cleaner() {
  core_->cleaner.add({.lease = lease_,
                      .key = key_.name,
                      .value = key_.value,
                      .due = {},
                      .may_come = key_.may_come});
}

// Begins a little late: most locks are given back before they are worth a watch.
void Grant::watch() {
  Env& env = core_->env;
  const AnyStop end(released_.get_token(), lost());
  if (!env.sleep_for(lease_->ttl() / 20, end.token())) return;
  while (!end.requested()) {
    try {
      Revision at = 0;
      if (!stands(at)) {
        if (released_.stop_requested()) return;
        base::log_warning("tooz.lock", "a lock was taken from its holder", {{"key", key_.name}});
        lost_.request_stop();
        return;
      }
      core_->backend->wait_change(key_.name, at, env.now() + lease_->ttl(), end.token());
    } catch (const std::exception&) {
      env.sleep_for(lease_->ttl() / 20, end.token());
    }
  }
}

bool Grant::stands(Revision& at) const {
  const auto found = core_->backend->list(key_.name);
  at = found.at;
  return std::ranges::any_of(found.entries, [this](const Entry& entry) {
    return entry.key == key_.name && entry.created == key_.created;
  });
}

}  // namespace tooz
