#include "tooz/recipes/identity_claim.h"

#include "base/log.h"
#include "tooz/random_text.h"
#include "tooz/recipes/any_stop.h"
#include "tooz/recipes/names.h"

#include <algorithm>

namespace tooz {

IdentityClaim::IdentityClaim(Core& core, Processes processes)
    : core_(core),
      processes_(std::move(processes)),
      key_(identity_key(core.member_id)),
      coordinator_(random_text(core.env)) {}

bool IdentityClaim::take(Lease& lease, const std::stop_token& stop) {
  constexpr int kAttempts = 10;  // each displaces another one who was faster
  const auto record = encode({processes_.self, coordinator_, ++incarnation_});
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto found = core_.backend->get(key_);
    if (found && found->owner == lease.id()) return true;
    if (found && !displace(*found, lease, stop)) return false;
    if (create_surely(core_, lease, key_, record).revision) return true;
  }
  refuse("several other processes");
  return false;
}

void IdentityClaim::drop(const Lease& lease) {
  const auto found = core_.backend->get(key_);
  if (found && found->owner == lease.id()) core_.backend->remove(key_, found->revision);
}

// True: whoever had the id is out of it.
bool IdentityClaim::displace(const Entry& found, Lease& lease, const std::stop_token& stop) {
  const auto other = decode_identity(found.value);
  const bool ourselves = other && other->coordinator == coordinator_;
  const auto runs = other ? processes_.runs(other->process) : std::nullopt;
  const bool lives = runs.value_or(false);
  const bool dead = !runs.value_or(true);
  const std::string text = other ? other->process.text() : "a process that is not known";
  if (lives && !ourselves) {
    refuse(text);
    return false;
  }
  if (found.owner != SessionId::kNone && (ourselves || dead)) {
    if (!ourselves)
      base::log_info("tooz.member", "taking the place of a dead process",
                     {{"member", core_.member_id}, {"dead", text}});
    core_.backend->close_session(found.owner);
    return true;
  }
  base::log_info("tooz.member", "waiting for the lease of whoever has this id",
                 {{"member", core_.member_id}, {"other", text}});
  if (outlast(key_, lease, stop)) return true;
  if (!stop.stop_requested()) refuse(text);
  return false;
}

void IdentityClaim::refuse(const std::string& other) const {
  base::log_error("tooz.member",
                  "member id `" + core_.member_id + "` is in use by " + other + "; this is " +
                      processes_.self.text(),
                  {{"member", core_.member_id}});
}

bool IdentityClaim::outlast(const std::string& key, const Lease& lease,
                            const std::stop_token& stop) {
  using std::chrono::seconds;
  const AnyStop end(stop, lease.lost());
  // Backends drop what has run out at their leisure.
  const auto slack = std::max<Env::Duration>(lease.ttl() / 10, seconds(1));
  const auto deadline = core_.env.now() + lease.ttl() + slack;
  for (;;) {
    const auto found = core_.backend->list(key);
    if (std::ranges::find(found.entries, key, &Entry::key) == found.entries.end()) return true;
    if (end.requested() || core_.env.now() >= deadline) return false;
    core_.backend->wait_change(key, found.at, deadline, end.token());
  }
}

}  // namespace tooz
