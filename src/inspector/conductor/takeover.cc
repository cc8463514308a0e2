#include "inspector/conductor/takeover.h"

#include "base/log.h"
#include "inspector/conductor/failures.h"

#include <array>
#include <utility>

namespace inspector {
namespace {

using Duration = base::Env::Duration;
using std::chrono::milliseconds;

constexpr std::string_view kComponent = "inspector.takeover";
constexpr std::size_t kPage = 2000;
/// After somebody left: whoever sees it first takes a moment to find out that he is dead. The
/// others have until the last look for their shares.
constexpr std::array kLooks = {milliseconds(0), milliseconds(150), milliseconds(600)};

}  // namespace

Takeover::Takeover(Parts parts, Duration spacing)
    : parts_(std::move(parts)),
      spacing_(spacing),
      woken_(parts_.env.make_event()),
      thread_(parts_.env.spawn("takeover", [this](const std::stop_token& stop) { run(stop); })) {}

void Takeover::wake() noexcept { woken_->set(); }

void Takeover::run(const std::stop_token& stop) {
  bool woken = true;
  while (!stop.stop_requested()) {
    for (const milliseconds pause : kLooks) {
      if (!parts_.env.sleep_for(pause, stop)) return;
      const bool last = pause == kLooks.back();
      const bool left = look(last || !parts_.share ? Share() : parts_.share(), stop);
      if (!woken && !left) break;
    }
    woken = woken_->wait_until(parts_.env.after(spacing_), stop);
  }
}

/// True: something was left to the others.
bool Takeover::look(const Share& share, const std::stop_token& stop) {
  try {
    const std::string mine = parts_.owner.now().incarnation;
    if (mine.empty()) return false;
    disown_dead(mine, stop);
    return claim(mine, share, stop);
  } catch (...) {
    base::log_warning(kComponent, "Unfinished operations cannot be looked for: " +
                                      text_of(std::current_exception()));
    return false;
  }
}

void Takeover::disown_dead(const std::string& mine, const std::stop_token& stop) {
  for (const Journal::Owner& each : parts_.journal.owners(mine)) {
    if (stop.stop_requested()) return;
    const std::optional<NodeLock> proof =
        parts_.locks.try_acquire(Owner::lock_name(each.incarnation));
    if (!proof) continue;
    const std::int64_t left = parts_.journal.disown(each.incarnation);
    base::log_warning(kComponent, "A conductor is gone, its operations are taken over",
                      {{"host", each.host}, {"incarnation", each.incarnation}, {"left", left}});
  }
}

bool Takeover::claim(const std::string& mine, const Share& share, const std::stop_token& stop) {
  std::vector<Operation> found =
      parts_.journal.claimable(mine, kPage + parts_.conductor.working_on());
  // In an order of our own, so that those who look at the same time meet at few of them.
  for (std::size_t i = found.size(); i > 1; --i)
    std::swap(found[i - 1], found[parts_.env.random() % i]);
  bool left = false;
  for (Operation& each : found) {
    if (stop.stop_requested()) return false;
    if (each.incarnation.empty() && share && !share(each))
      left = true;
    else
      parts_.conductor.resume(std::move(each));
  }
  return left;
}

}  // namespace inspector
