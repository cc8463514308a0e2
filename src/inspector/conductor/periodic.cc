#include "inspector/conductor/periodic.h"

#include "base/log.h"
#include "inspector/conductor/failures.h"

namespace inspector {
namespace {

void run_logged(const std::string& name, const Periodic::Task& task, const std::stop_token& stop) {
  try {
    task(stop);
  } catch (...) {
    base::log_error("inspector.periodic",
                    "The periodic " + name + " failed with: " + text_of(std::current_exception()));
  }
}

}  // namespace

void Periodic::add(const std::string& name, base::Env::Duration spacing, Task task) {
  threads_.push_back(
      env_.spawn(name, [this, name, spacing, task = std::move(task)](const std::stop_token& stop) {
        while (env_.sleep_for(spacing, stop))
          run_logged(name, task, stop);
      }));
}

}  // namespace inspector
