#pragma once
#include "tooz/backend.h"
#include "tooz/metrics.h"

namespace tooz {

/// What recipes tell to a user's Metrics, if there are any. Thread-safe.
class Meter {
 public:
  Meter(Env& env, std::shared_ptr<Metrics> metrics) : env_(env), metrics_(std::move(metrics)) {}

  void add(Metrics::Count what, std::uint64_t number = 1) const noexcept {
    if (metrics_) metrics_->add(what, number);
  }
  void time(Metrics::Time what, Env::Duration took) const noexcept {
    if (metrics_) metrics_->time(what, took);
  }
  void since(Metrics::Time what, Env::TimePoint began) const noexcept {
    if (metrics_) metrics_->time(what, env_.now() - began);
  }

 private:
  Env& env_;
  const std::shared_ptr<Metrics> metrics_;
};

/// `backend`, with every call told to `metrics`; `backend` itself where there are none.
std::unique_ptr<Backend> metered(Env& env, std::unique_ptr<Backend> backend,
                                 std::shared_ptr<Metrics> metrics);

}  // namespace tooz
