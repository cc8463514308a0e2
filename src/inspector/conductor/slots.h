#pragma once
#include <atomic>
#include <cstddef>
#include <memory>

namespace inspector {

/// How much may be accepted and not yet done. Thread-safe.
class Slots {
 public:
  explicit Slots(std::size_t most)
      : taken_(std::make_shared<std::atomic<std::size_t>>(0)), most_(most) {}

  /// Counts as taken until the last copy is gone; null: all are taken.
  using Slot = std::shared_ptr<const void>;
  Slot take() {
    if (taken_->fetch_add(1) >= most_) {
      taken_->fetch_sub(1);
      return nullptr;
    }
    return {taken_.get(), [taken = taken_](const void*) { taken->fetch_sub(1); }};
  }
  std::size_t taken() const noexcept { return taken_->load(); }

 private:
  std::shared_ptr<std::atomic<std::size_t>> taken_;
  std::size_t most_;
};

}  // namespace inspector
