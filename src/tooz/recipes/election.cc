#include "tooz/election.h"

#include "base/retry.h"
#include "tooz/recipes/exclusive_acquirer.h"

#include <algorithm>

namespace tooz {

Leadership::Leadership(std::unique_ptr<Grant> grant) : grant_(std::move(grant)) {}
Leadership::Leadership(Leadership&&) noexcept = default;
Leadership& Leadership::operator=(Leadership&&) noexcept = default;
Leadership::~Leadership() = default;

void Leadership::resign() { grant_->release(); }
std::stop_token Leadership::lost() const noexcept { return grant_->lost(); }
Env::Duration Leadership::remaining() const noexcept { return grant_->remaining(); }
const Token& Leadership::token() const noexcept { return grant_->token(); }

Election::Election(std::shared_ptr<const ExclusiveAcquirer> acquirer)
    : acquirer_(std::move(acquirer)) {}

std::optional<Leadership> Election::campaign(std::stop_token stop, Env::TimePoint deadline) {
  check_name("member id", acquirer_->core().member_id);
  if (auto grant = acquirer_->acquire(stop, deadline)) return Leadership(std::move(grant));
  return std::nullopt;
}

std::optional<std::string> Election::leader() { return acquirer_->holder().label; }

std::optional<std::string> Election::next_leader(const std::optional<std::string>& seen,
                                                 std::stop_token stop) {
  using std::chrono::milliseconds;
  constexpr auto kLookAgain = std::chrono::minutes(5);
  const Core& core = acquirer_->core();
  base::Backoff backoff(core.env, milliseconds(100), std::chrono::seconds(2));
  while (!stop.stop_requested()) {
    try {
      const auto holder = acquirer_->holder();
      if (holder.label != seen) return holder.label;
      core.backend->wait_change(acquirer_->keys().holder, holder.at, core.env.now() + kLookAgain,
                                stop);
      backoff.reset(milliseconds(100));
    } catch (const Error& error) {
      if (error.code() != Errc::kUnreachable) throw;
      core.env.sleep_for(backoff.next(), stop);
    }
  }
  return seen;
}

void Election::observe(const std::function<void(const std::optional<std::string>&)>& told,
                       std::stop_token stop) {
  const Core& core = acquirer_->core();
  base::Backoff backoff(core.env, std::chrono::milliseconds(100), std::chrono::seconds(2));
  std::optional<std::string> seen;
  for (bool first = true; first && !stop.stop_requested();) {
    try {
      told(seen = leader());
      first = false;
    } catch (const Error& error) {
      if (error.code() != Errc::kUnreachable) throw;
      core.env.sleep_for(backoff.next(), stop);
    }
  }
  while (!stop.stop_requested()) {
    auto next = next_leader(seen, stop);
    if (next != seen) told(seen = std::move(next));
  }
}

}  // namespace tooz
