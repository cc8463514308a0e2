#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <queue>
#include <string>
#include <vector>

#include "base/env.h"
#include "base/pool.h"
#include "http/client.h"

namespace sim {

/// The machines behind the simulated Ironic. One that boots by PXE comes up after the boot time and
/// posts its report to the inspector as the ramdisk does: five attempts with pauses of 5, 5, 6 and
/// 12 s, after connection errors and 5xx only; an answer that takes longer than 30 s ends them for
/// good. Switched off, it posts no more. A waiting machine costs no thread. Thread-safe.
class Machines {
 public:
  struct Options {
    std::string inspector;  ///< base URL; empty: nobody posts
    base::Env::Duration boot_time = std::chrono::seconds(5);
    std::size_t posters = 64;  ///< posts under way at once
  };
  using ReportOf = std::function<std::string(const std::string& uuid)>;

  /// `sender` takes their posts to the inspector, and outlives them.
  Machines(base::Env& env, http::Sender& sender, Options options, ReportOf report_of);
  ~Machines();

  void boot(const std::string& uuid);
  void switch_off(const std::string& uuid);

  /// How posts ended so far.
  struct Counts {
    std::atomic<std::uint64_t> accepted{0};  ///< 2xx
    std::atomic<std::uint64_t> refused{0};   ///< 4xx
    std::atomic<std::uint64_t> repeated{0};  ///< attempts after the first
    std::atomic<std::uint64_t> given_up{0};  ///< five attempts, or more than 30 s
  };
  const Counts& counts() const noexcept { return counts_; }

 private:
  struct Post {
    base::Env::TimePoint due;
    std::string uuid;
    std::uint64_t power_on = 0;  ///< which switching-on it belongs to
    std::size_t attempt = 0;
    bool operator>(const Post& other) const { return due > other.due; }
  };

  void schedule(Post post);
  void run(std::stop_token stop);
  void send(const Post& post, std::stop_token stop);
  void give_up(const Post& post);
  bool still_on(const Post& post) const;

  base::Env& env_;
  const Options options_;
  const ReportOf report_of_;
  Counts counts_;
  http::Sender& sender_;
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t, std::less<>> power_on_;  // machine → count; 0: off
  std::uint64_t power_ons_ = 0;
  std::priority_queue<Post, std::vector<Post>, std::greater<>> due_;
  std::unique_ptr<base::Env::Event> changed_;
  base::Pool posters_;
  std::unique_ptr<base::Env::Thread> timer_;
};

}  // namespace sim
