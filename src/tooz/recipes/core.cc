#include "tooz/recipes/core.h"

namespace tooz {
namespace {

constexpr int kAttempts = 3;

// None: not answered.
std::optional<Created> ask(Core& core, Lease& lease, const Entry& wanted, const Guard& guard) {
  try {
    return Created{core.backend->create(wanted.key, wanted.value, lease.id(), guard)};
  } catch (const Error& error) {
    if (error.code() == Errc::kSessionLost) lease.lose();
    if (error.code() != Errc::kUnreachable) throw;
    return std::nullopt;
  }
}

// So long that a place outlives the lease by the delay though it was renewed a third of its own
// time ago.
Env::Duration session_for_delay(Env::Duration lease, Env::Duration delay) {
  return lease + 2 * delay;
}

}  // namespace

Core::Core(Env& e, std::unique_ptr<Backend> b, Setting setting)
    : env(e),
      backend(std::move(b)),
      member_id(std::move(setting.member_id)),
      lock_delay(setting.lock_delay),
      flaws(setting.flaws),
      meter(e, setting.metrics),
      sessions(e, *backend, {setting.lease, flaws}, meter),
      cleaner(e, *backend),
      watches(e, *backend, meter, stopping.get_token()) {
  if (lock_delay > Env::Duration::zero())
    delays.emplace(e, *backend,
                   SessionKeeper::Setting{session_for_delay(setting.lease, lock_delay), flaws},
                   meter);
}

std::shared_ptr<Lease> Core::lease_for_places(const std::shared_ptr<Lease>& lease) {
  if (!delays) return lease;
  auto longer = delays->require();
  if (longer->ttl() / 2 <= lock_delay)
    throw Error(Errc::kUnsuitable, "the backend grants no session long enough for the lock delay");
  return longer;
}

void Core::shutdown() {
  stopping.request_stop();
  watches.stop();
  sessions.stop();
  if (delays) delays->stop();
  cleaner.stop();
}

Created create_surely(Core& core, Lease& lease, const std::string& key, const std::string& value,
                      const Guard& guard) {
  const Entry wanted{.key = key, .value = value};
  auto answer = ask(core, lease, wanted, guard);
  if (answer) return *answer;
  if (core.flaws.no_look) return {};
  for (int attempt = 1;; ++attempt) {
    const auto found = core.backend->get(key);
    if (found && found->value == value && found->owner == lease.id()) return {found->created, true};
    if (found || answer) return {std::nullopt, true};
    if (attempt == kAttempts) throw Error(Errc::kUnreachable, "creating " + key);
    answer = ask(core, lease, wanted, guard);
    if (answer && answer->revision) return {answer->revision, true};
  }
}

}  // namespace tooz
