#pragma once
#include "base/env.h"
#include "tooz/drivers/descriptor.h"

#include <mutex>
#include <string>
#include <vector>

namespace tooz::file {

/// Tells those who wait that the data file was replaced, by whichever process, or the directory
/// removed. One inotify instance (a user has 128 unless set otherwise) and one thread, from the
/// first place on. Thread-safe.
class Watcher {
 public:
  Watcher(base::Env& env, std::string directory, std::string name)
      : env_(env), directory_(std::move(directory)), name_(std::move(name)) {}
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Misses nothing that happens after it was made. For one thread.
  class Place {
   public:
    explicit Place(Watcher& watcher);  ///< Error{kUnreachable}, Error{kDenied}
    ~Place();
    Place(const Place&) = delete;
    /// Returns at the first event since it was asked last, at `deadline`, or when `stop` is
    /// requested.
    void wait_until(base::Env::TimePoint deadline, std::stop_token stop) {
      event_->wait_until(deadline, std::move(stop));
    }

   private:
    Watcher& watcher_;
    const std::unique_ptr<base::Env::Event> event_;
  };

 private:
  void begin();
  void watch(const std::stop_token& stop);
  void wake_all();

  base::Env& env_;
  const std::string directory_;
  const std::string name_;
  std::mutex beginning_;
  Descriptor inotify_;
  Descriptor wake_up_;  ///< ends the thread's poll
  std::mutex mutex_;
  std::vector<base::Env::Event*> places_;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace tooz::file
