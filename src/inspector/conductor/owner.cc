#include "inspector/conductor/owner.h"

#include "base/log.h"
#include "base/retry.h"
#include "inspector/conductor/failures.h"
#include "inspector/uuid.h"

namespace inspector {
namespace {

using Duration = base::Env::Duration;

constexpr std::string_view kComponent = "inspector.owner";
constexpr Duration kFirstPause = std::chrono::milliseconds(200);
constexpr Duration kMostPause = std::chrono::seconds(2);
constexpr Duration kOneWait = std::chrono::seconds(30);

}  // namespace

std::string Owner::lock_name(std::string_view incarnation) {
  return "owner." + std::string(incarnation);
}

Owner::Owner(base::Env& env, NodeLocks& locks, Journal& journal, std::string host)
    : env_(env), locks_(locks), journal_(journal), host_(std::move(host)) {
  prove();
  thread_ = env_.spawn("owner", [this](const std::stop_token& stop) { keep(stop); });
}

Owner::~Owner() {
  thread_.reset();
  proof_.reset();
}

Journal::Owner Owner::now() const {
  std::shared_ptr<NodeLock> proof;
  Journal::Owner self{.host = host_, .incarnation = {}};
  {
    const std::lock_guard guard(mutex_);
    proof = proof_;
    self.incarnation = incarnation_;
  }
  const bool proven = proof && proof->remaining() > Duration::zero();
  if (!proven) self.incarnation.clear();
  return self;
}

bool Owner::prove() {
  const std::string name = random_uuid(env_);
  try {
    std::optional<NodeLock> proof = locks_.try_acquire(lock_name(name));
    if (!proof) return false;
    const std::lock_guard guard(mutex_);
    incarnation_ = name;
    proof_ = std::make_shared<NodeLock>(*std::move(proof));
    return true;
  } catch (...) {
    base::log_info(kComponent, "Nothing can be taken on yet: " + text_of(std::current_exception()));
    return false;
  }
}

void Owner::keep(const std::stop_token& stop) {
  base::Backoff pause(env_, kFirstPause, kMostPause);
  while (!stop.stop_requested()) {
    if (!proof_ && !prove()) {
      env_.sleep_for(pause.next(), stop);
      continue;
    }
    pause.reset(kFirstPause);
    wait_for_loss(stop);
    if (stop.stop_requested()) return;
    const std::string lost = incarnation_;
    base::log_warning(kComponent, "The lease was lost, and with it all that was being worked on",
                      {{"incarnation", lost}});
    std::shared_ptr<NodeLock> old;
    {
      const std::lock_guard guard(mutex_);
      old.swap(proof_);
    }
    old.reset();
    give_away(lost, stop);
  }
}

void Owner::wait_for_loss(const std::stop_token& stop) {
  const std::shared_ptr<base::Env::Event> over = env_.make_event();
  const std::stop_callback lost(proof_->lost(), [over] { over->set(); });
  while (!stop.stop_requested() && !over->wait_until(env_.after(kOneWait), stop)) {
  }
}

/// Once; while the database does not answer, others will find that the lease is over.
void Owner::give_away(const std::string& incarnation, const std::stop_token& stop) {
  if (stop.stop_requested()) return;
  try {
    journal_.hand_over(incarnation);
  } catch (const std::exception& error) {
    base::log_warning(
        kComponent,
        std::string("What was being worked on could not be given away: ") + error.what(),
        {{"incarnation", incarnation}});
  }
}

}  // namespace inspector
