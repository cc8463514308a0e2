#pragma once
#include "base/env.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace inspector {

/// Work that serves all who ask for it at once. Whoever finds nobody at it does it, for all who
/// have asked so far; who asks meanwhile is served by the next pass, because this one may have read
/// before his change. Thread-safe.
class SharedPass {
 public:
  /// @param pass never runs twice at a time; what it throws, all whom it served get
  SharedPass(base::Env& env, std::function<void()> pass) : env_(env), pass_(std::move(pass)) {}
  SharedPass(const SharedPass&) = delete;
  SharedPass& operator=(const SharedPass&) = delete;

  /// True: a pass that began after the call is over. False: others were at it until `deadline`.
  /// Blocks until then, or for as long as the pass takes that it makes itself.
  bool ask(base::Env::TimePoint deadline);

 private:
  std::exception_ptr try_pass() noexcept;

  base::Env& env_;
  const std::function<void()> pass_;
  std::mutex mutex_;
  std::uint64_t asked_ = 0;  ///< calls of ask(); `done_` of them have been served
  std::uint64_t done_ = 0;
  bool running_ = false;
  std::exception_ptr failure_;  ///< of the last pass
  std::vector<std::shared_ptr<base::Env::Event>> waiters_;
};

}  // namespace inspector
