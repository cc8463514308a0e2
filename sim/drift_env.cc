#include "sim/drift_env.h"

#include <cmath>

namespace sim {
namespace {

class DriftEvent final : public base::Env::Event {
 public:
  DriftEvent(const DriftEnv& env, std::unique_ptr<Event> inner)
      : env_(env), inner_(std::move(inner)) {}

  void set() noexcept override { inner_->set(); }
  bool wait_until(base::Env::TimePoint deadline, std::stop_token stop) override {
    return inner_->wait_until(env_.inner_time(deadline), std::move(stop));
  }

 private:
  const DriftEnv& env_;
  const std::unique_ptr<Event> inner_;
};

}  // namespace

base::Env::TimePoint DriftEnv::now() const noexcept {
  const auto passed = static_cast<double>((inner_.now() - start_).count());
  return start_ + Duration(static_cast<Duration::rep>(passed * rate_));
}

base::Env::TimePoint DriftEnv::inner_time(TimePoint when) const noexcept {
  if (when == TimePoint::max()) return when;
  const auto ahead = static_cast<double>((when - start_).count());
  return start_ + Duration(static_cast<Duration::rep>(std::ceil(ahead / rate_)) + 1);
}

bool DriftEnv::sleep_until(TimePoint when, std::stop_token stop) {
  return inner_.sleep_until(inner_time(when), std::move(stop));
}

std::unique_ptr<base::Env::Event> DriftEnv::make_event() {
  return std::make_unique<DriftEvent>(*this, inner_.make_event());
}

}  // namespace sim
