#include "base/log.h"
#include "base/retry.h"
#include "tooz/election.h"
#include "tooz/recipes/exclusive_acquirer.h"

namespace tooz {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(100);
constexpr auto kLongestPause = std::chrono::seconds(5);

}  // namespace

Candidacy::Candidacy(Election election, Events events)
    : election_(std::move(election)),
      events_(std::move(events)),
      wake_(election_.acquirer_->core().env.make_event()) {
  check_name("member id", election_.acquirer_->core().member_id);
  thread_ = election_.acquirer_->core().env.spawn(
      "tooz-candidate", [this](const std::stop_token& stop) { run(stop); });
}

Candidacy::~Candidacy() = default;

std::shared_ptr<const Leadership> Candidacy::leadership() const {
  const std::lock_guard lock(mutex_);
  return leadership_;
}

bool Candidacy::leads() const noexcept {
  const auto held = leadership();
  return held && held->remaining() > Env::Duration::zero();
}

void Candidacy::resign() { wake_->set(); }

void Candidacy::run(const std::stop_token& end_of_thread) {
  const Core& core = election_.acquirer_->core();
  const AnyStop end(end_of_thread, core.stopping.get_token());
  base::Backoff pause(core.env, kFirstPause, kLongestPause);
  while (!end.requested()) {
    try {
      auto won = election_.campaign(end.token());
      pause.reset(kFirstPause);
      if (won) lead(*std::move(won), end.token());
    } catch (const Error& error) {
      base::log_debug("tooz.election", "will be tried again", {{"error", error.what()}});
      core.env.sleep_for(pause.next(), end.token());
    }
  }
}

void Candidacy::lead(Leadership won, const std::stop_token& stop) {
  Env& env = election_.acquirer_->core().env;
  const auto held = std::make_shared<Leadership>(std::move(won));
  wake_->wait_until(env.now(), {});  // a call of resign() from before
  const std::stop_callback lost(held->lost(), [this] { wake_->set(); });
  {
    const std::lock_guard lock(mutex_);
    leadership_ = held;
  }
  if (events_.elected) events_.elected(*held);
  wake_->wait_until(Env::TimePoint::max(), stop);
  {
    const std::lock_guard lock(mutex_);
    leadership_ = nullptr;
  }
  if (events_.over) events_.over();
  try {
    held->resign();
  } catch (const Error& error) {
    base::log_info("tooz.election", "resigns later", {{"error", error.what()}});
  }
}

}  // namespace tooz
