#include "inspector/conductor/leadership.h"

#include "base/log.h"
#include "base/retry.h"
#include "tooz/error.h"

#include <mutex>
#include <optional>
#include <string>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.leadership";
constexpr base::Env::Duration kFirstPause = std::chrono::milliseconds(500);
constexpr base::Env::Duration kMostPause = std::chrono::seconds(5);

class SoleLeader final : public Leader {
 public:
  bool leads() const override { return true; }
};

class ElectedLeader final : public Leader {
 public:
  ElectedLeader(base::Env& env, tooz::Coordinator& coordinator, std::string_view group)
      : env_(env),
        coordinator_(coordinator),
        group_(group),
        thread_(env.spawn("election", [this](const std::stop_token& stop) { campaign(stop); })) {}

  bool leads() const override {
    const std::shared_ptr<tooz::Leadership> held = current();
    return held && held->remaining() > base::Env::Duration::zero();
  }

 private:
  std::shared_ptr<tooz::Leadership> current() const {
    const std::lock_guard guard(mutex_);
    return leadership_;
  }
  void put(std::shared_ptr<tooz::Leadership> leadership) {
    const std::lock_guard guard(mutex_);
    leadership_.swap(leadership);
  }

  void campaign(const std::stop_token& stop) {
    base::Backoff pause(env_, kFirstPause, kMostPause);
    while (!stop.stop_requested()) {
      try {
        std::optional<tooz::Leadership> won = coordinator_.election(group_).campaign(stop);
        pause.reset(kFirstPause);
        if (won) lead(*std::move(won), stop);
      } catch (const tooz::Error& error) {
        base::log_warning(kComponent, std::string("cannot campaign: ") + error.what());
        env_.sleep_for(pause.next(), stop);
      }
    }
  }

  void lead(tooz::Leadership won, const std::stop_token& stop) {
    base::log_info(kComponent, "This conductor instance is a group leader now.");
    const auto over = env_.make_event();
    const auto held = std::make_shared<tooz::Leadership>(std::move(won));
    {
      const std::stop_callback lost(held->lost(), [&] { over->set(); });
      put(held);
      over->wait_until(base::Env::TimePoint::max(), stop);
    }
    put(nullptr);
    base::log_info(kComponent, "This conductor instance is not a group leader any more.");
  }

  base::Env& env_;
  tooz::Coordinator& coordinator_;
  const std::string group_;
  mutable std::mutex mutex_;
  std::shared_ptr<tooz::Leadership> leadership_;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace

std::unique_ptr<Leader> sole_leader() { return std::make_unique<SoleLeader>(); }

std::unique_ptr<Leader> elected_leader(base::Env& env, tooz::Coordinator& coordinator,
                                       std::string_view group) {
  return std::make_unique<ElectedLeader>(env, coordinator, group);
}

}  // namespace inspector
