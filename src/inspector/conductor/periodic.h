#pragma once
#include "base/env.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace inspector {

/// Runs tasks again and again, each on a thread of its own, so that a slow one delays no other.
/// Not thread-safe.
class Periodic {
 public:
  /// What it throws is logged, and it runs again next time.
  using Task = std::function<void(const std::stop_token&)>;

  explicit Periodic(base::Env& env) : env_(env) {}

  /// First run after one `spacing`; the next one `spacing` after the end of the last.
  void add(const std::string& name, base::Env::Duration spacing, Task task);

  /// Requests stop of running tasks and waits for them; they do not run again. Also done by the
  /// destructor.
  void stop() { threads_.clear(); }

 private:
  base::Env& env_;
  std::vector<std::unique_ptr<base::Env::Thread>> threads_;
};

}  // namespace inspector
