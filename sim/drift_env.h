#pragma once
#include <string>

#include "base/env.h"

namespace sim {

/// An Env whose clock runs fast or slow beside that of another one, as two machines' do.
class DriftEnv final : public base::Env {
 public:
  /// @param rate  1.01: gains a hundredth
  DriftEnv(base::Env& inner, double rate) : inner_(inner), start_(inner.now()), rate_(rate) {}

  TimePoint now() const noexcept override;
  WallTime wall_time() const noexcept override { return inner_.wall_time(); }
  bool sleep_until(TimePoint when, std::stop_token stop) override;
  std::unique_ptr<Event> make_event() override;
  std::uint64_t random() noexcept override { return inner_.random(); }
  std::unique_ptr<Thread> spawn(std::string name,
                                std::function<void(std::stop_token)> body) override {
    return inner_.spawn(std::move(name), std::move(body));
  }

  /// When our clock shows `when`, by the other one; not before.
  TimePoint inner_time(TimePoint when) const noexcept;

 private:
  base::Env& inner_;
  const TimePoint start_;
  const double rate_;
};

}  // namespace sim
