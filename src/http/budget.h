#pragma once
#include <atomic>
#include <cstddef>
#include <utility>

namespace http {

/// Bytes that all request bodies of a server may take together. Thread-safe.
class Budget {
 public:
  explicit Budget(std::size_t bytes) noexcept : left_(bytes) {}

  bool take(std::size_t bytes) noexcept {  ///< false, and nothing taken: not so much is left
    std::size_t left = left_.load(std::memory_order_relaxed);
    while (left >= bytes)
      if (left_.compare_exchange_weak(left, left - bytes, std::memory_order_relaxed)) return true;
    return false;
  }
  void give(std::size_t bytes) noexcept { left_.fetch_add(bytes, std::memory_order_relaxed); }
  std::size_t left() const noexcept { return left_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> left_;
};

/// What one body holds of a budget, which outlives it; given back when it ends.
class Share {
 public:
  explicit Share(Budget& budget) noexcept : budget_(&budget) {}
  Share(Share&& from) noexcept : budget_(from.budget_), held_(std::exchange(from.held_, 0)) {}
  Share& operator=(Share&& from) noexcept {
    if (this != &from) {
      budget_->give(held_);
      budget_ = from.budget_;
      held_ = std::exchange(from.held_, 0);
    }
    return *this;
  }
  ~Share() { budget_->give(held_); }

  bool grow(std::size_t bytes) noexcept {
    if (!budget_->take(bytes)) return false;
    held_ += bytes;
    return true;
  }

 private:
  Budget* budget_;
  std::size_t held_ = 0;
};

}  // namespace http
