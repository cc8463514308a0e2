#include "sim/history/client.h"

#include "tooz/error.h"

namespace sim {

using base::Env;

std::string register_key(const std::string& name) { return "register/" + name; }

Env::Duration HistoryClient::draw(Env::Duration most) {
  return Env::Duration(
      static_cast<Env::Duration::rep>(env_.random() % static_cast<std::uint64_t>(most.count())));
}

// Looks often when the lock is about to be lost, which is when things go wrong.
HistoryClient::End HistoryClient::take_a_turn(const std::string& name) {
  auto guard = ask(name);
  if (!guard) return End::kNotGranted;
  const auto end = env_.now() + draw(setting_.longest_hold);
  while (env_.now() < end) {
    if (!goes_on(*guard, name)) return End::kLost;
    const bool ending = guard->remaining() < setting_.longest_hold / 20;
    if (!ending || env_.random() % 4 == 0)
      if (!count_up(*guard, name)) return End::kRefused;
    env_.sleep_for(draw(setting_.longest_hold / (ending ? 1000 : 20)), {});
  }
  if (env_.random() % 2 == 0) give_back(*guard, name);
  return End::kGivenBack;
}

std::optional<tooz::LockGuard> HistoryClient::ask(const std::string& name) {
  tooz::Lock lock = coordinator_.lock(name);
  Call<LockUse> call{.op = {}, .begun = history_.now()};
  auto guard = env_.random() % 4 == 0 ? lock.try_acquire()
                                      : lock.acquire({}, env_.now() + draw(setting_.longest_wait));
  if (!guard) return guard;
  call.op = {LockUse::Kind::kAcquire, guard->token().number};
  call.ended = history_.now();
  history_.add(name, call);
  if (setting_.on_grant) setting_.on_grant();
  return guard;
}

bool HistoryClient::goes_on(const tooz::LockGuard& guard, const std::string& name) {
  Call<LockUse> call{.op = {LockUse::Kind::kLook, guard.token().number}, .begun = history_.now()};
  if (guard.remaining() == Env::Duration::zero()) return false;
  call.ended = history_.now();
  history_.add(name, call);
  return true;
}

// False: the register knows a newer token. An answer that does not come ends nothing.
bool HistoryClient::count_up(const tooz::LockGuard& guard, const std::string& name) {
  const auto token = guard.token().number;
  try {
    const auto value = access(name, {Access::Kind::kRead, token});
    if (!value) return false;
    if (!goes_on(guard, name)) return true;
    return access(name, {Access::Kind::kWrite, token, *value + 1}).has_value();
  } catch (const tooz::Error&) {
    return true;
  }
}

std::optional<std::int64_t> HistoryClient::access(const std::string& name, const Access& wanted) {
  GuardedRegister cell(registers_, register_key(name), setting_.token_not_checked);
  const auto call = history_.begin(name, wanted);
  std::optional<std::int64_t> answer;
  if (wanted.kind == Access::Kind::kRead)
    answer = cell.read(wanted.token);
  else if (cell.write(wanted.token, wanted.value))
    answer = wanted.value;
  Access answered = wanted;
  answered.refused = !answer;
  if (answer) answered.value = *answer;
  history_.end(name, call, answered);
  return answer;
}

void HistoryClient::give_back(tooz::LockGuard& guard, const std::string& name) {
  Call<LockUse> call{.op = {LockUse::Kind::kRelease, guard.token().number},
                     .begun = history_.now()};
  try {
    guard.release();
  } catch (const tooz::Error&) {
    history_.add(name, call);
    throw;
  }
  call.ended = history_.now();
  history_.add(name, call);
}

}  // namespace sim
