#include "tooz/recipes/membership.h"

#include "base/log.h"
#include "tooz/recipes/groups.h"
#include "tooz/recipes/names.h"

namespace tooz {
namespace {

constexpr int kAttempts = 3;

}  // namespace

Membership::Membership(std::shared_ptr<Core> core, Processes processes,
                       std::function<void(const Lost&)> on_rejoined)
    : core_(std::move(core)),
      on_rejoined_(std::move(on_rejoined)),
      claim_(*core_, std::move(processes)),
      thread_(core_->env.spawn("tooz-member", [this](const std::stop_token&) { run(); })) {}

bool Membership::join(const std::string& group, const std::string& capabilities) {
  const Turn::Hold turn(core_->env, turn_, core_->stopping.get_token());
  for (int attempt = 0;; ++attempt) {
    const auto lease = core_->sessions.require();
    try {
      return join_under(lease, group, capabilities);
    } catch (const Error& error) {
      if (error.code() == Errc::kUnreachable) put(group, Doubt{lease, core_->env.now(), true});
      if (error.code() != Errc::kSessionLost || attempt == kAttempts) throw;
    }
  }
}

bool Membership::leave(const std::string& group) {
  const Turn::Hold turn(core_->env, turn_, core_->stopping.get_token());
  const auto place = take(group);
  if (place) core_->watches.of(place->held->key).remove(*place->held);
  const auto lease = core_->sessions.current();
  if (!place || !lease || !place->stands_under(*lease)) return place.has_value();
  place->held->released.request_stop();
  try {
    remove_key(*lease, group);
  } catch (const Error&) {
    put(group, Doubt{lease, core_->env.now(), place->may_come});
    throw;
  }
  if (place->may_come) put(group, Doubt{lease, core_->env.now() + lease->ttl(), false});
  drop_idle_claim(*lease);
  return true;
}

bool Membership::update(const std::string& group, const std::string& capabilities) {
  const Turn::Hold turn(core_->env, turn_, core_->stopping.get_token());
  const auto all = places();
  const auto found = all.find(group);
  if (found == all.end()) return false;
  Place place = found->second;
  const auto lease = core_->sessions.require();
  // Under a new lease, the key will be written with what stands here.
  if (place.stands_under(*lease) && !overwrite(*lease, key_in(group), capabilities)) return false;
  place.capabilities = capabilities;
  put(group, std::move(place));
  return true;
}

bool Membership::join_under(const LeasePtr& lease, const std::string& group,
                            const std::string& capabilities) {
  if (!claim_.take(*lease, core_->stopping.get_token())) return false;
  try {
    auto place = enter(lease, group, capabilities);
    if (place) keep(group, std::move(*place));
    if (!place) drop_idle_claim(*lease);
    return place.has_value();
  } catch (const Error& error) {
    if (error.code() == Errc::kNoSuchGroup) drop_idle_claim(*lease);
    throw;
  }
}

// Writes our member key; none: another one's stands there, and does not go away.
std::optional<Membership::Place> Membership::enter(const LeasePtr& lease, const std::string& group,
                                                   const std::string& capabilities) {
  const std::string key = key_in(group);
  const std::string parent = group_key(group);
  for (;;) {
    const auto created = create_surely(*core_, *lease, key, capabilities, {.present = parent});
    if (created.revision) {
      Place place = place_in(lease, group, {.value = capabilities, .created = *created.revision});
      place.may_come = created.may_come;
      return place;
    }
    auto found = core_->backend->get(key);
    if (!found && !core_->backend->get(parent)) throw Error(Errc::kNoSuchGroup, group);
    if (found && found->owner == lease->id()) {
      found->value = capabilities;
      if (overwrite(*lease, key, capabilities)) return place_in(lease, group, *found);
    } else if (found && !claim_.outlast(key, *lease, core_->stopping.get_token())) {
      base::log_error("tooz.member", "another member has our id",
                      {{"group", group}, {"member", core_->member_id}});
      return std::nullopt;
    }
  }
}

Membership::Place Membership::place_in(const LeasePtr& lease, const std::string& group,
                                       const Entry& written) const {
  HeldKey held{.kind = HeldKey::Kind::kMembership,
               .name = group,
               .key = key_in(group),
               .created = written.created,
               .lease = lease};
  return {written.value, std::make_shared<HeldKey>(std::move(held)), true};
}

// False: our key is not there.
bool Membership::overwrite(const Lease& lease, const std::string& key,
                           const std::string& capabilities) {
  for (int unanswered = 0;;) {
    const auto found = core_->backend->get(key);
    if (!found || found->owner != lease.id()) return false;
    if (found->value == capabilities) return true;
    try {
      if (core_->backend->replace(key, capabilities, found->revision)) return true;
    } catch (const Error& error) {
      if (error.code() != Errc::kUnreachable || ++unanswered == kAttempts) throw;
    }
  }
}

void Membership::remove_key(const Lease& lease, const std::string& group) {
  const std::string key = key_in(group);
  const auto found = core_->backend->get(key);
  if (found && found->owner == lease.id()) core_->backend->remove(key, found->revision);
}

void Membership::drop_idle_claim(const Lease& lease) noexcept {
  try {
    if (places().empty()) claim_.drop(lease);
  } catch (const std::exception& error) {
    base::log_info("tooz.member", "a member id stays taken until the lease ends",
                   {{"member", core_->member_id}, {"error", error.what()}});
  }
}

std::string Membership::key_in(const std::string& group) const {
  return member_key(group, core_->member_id);
}

// We are in the group, and want to know when somebody removes us.
void Membership::keep(const std::string& group, Place place) {
  const auto held = place.held;
  place.on_lost = std::make_shared<std::stop_callback<Wake>>(held->lost.get_token(),
                                                             Wake{core_->sessions.changed()});
  if (const auto before = take(group)) core_->watches.of(held->key).remove(*before->held);
  put(group, std::move(place));
  core_->watches.of(held->key).add(held);
}

void Membership::put(const std::string& group, Place place) {
  const std::lock_guard lock(mutex_);
  doubts_.erase(group);
  places_.insert_or_assign(group, std::move(place));
}

void Membership::put(const std::string& group, Doubt doubt) {
  {
    const std::lock_guard lock(mutex_);
    doubts_.insert_or_assign(group, doubt);
  }
  core_->sessions.changed().notify();
}

std::optional<Membership::Place> Membership::take(const std::string& group) {
  const std::lock_guard lock(mutex_);
  const auto node = places_.extract(group);
  return node ? std::optional(node.mapped()) : std::nullopt;
}

std::map<std::string, Membership::Place> Membership::places() const {
  const std::lock_guard lock(mutex_);
  return places_;
}

}  // namespace tooz
