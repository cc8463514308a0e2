#pragma once
#include "base/env.h"

#include <vector>

namespace inspector::testing {

/// The machine's Env, but for sleeping: that is only remembered, and moves the clock on.
class AwakeEnv : public base::Env {
 public:
  TimePoint now() const noexcept override { return real_.now() + slept_; }
  WallTime wall_time() const noexcept override { return real_.wall_time(); }
  bool sleep_until(TimePoint when, std::stop_token stop) override {
    pauses.push_back(std::chrono::round<std::chrono::milliseconds>(when - now()));
    if (stop.stop_requested()) return false;
    slept_ += when - now();
    return true;
  }
  std::unique_ptr<Event> make_event() override { return real_.make_event(); }
  std::uint64_t random() noexcept override { return real_.random(); }
  std::unique_ptr<Thread> spawn(std::string name,
                                std::function<void(std::stop_token)> body) override {
    return real_.spawn(std::move(name), std::move(body));
  }

  bool slept() const { return slept_ != Duration{}; }  ///< to the end of a pause

  std::vector<std::chrono::milliseconds> pauses;

 private:
  base::Env& real_ = base::system_env();
  Duration slept_{};
};

}  // namespace inspector::testing
