// bench: what a backend gives, measured as a program of the user's would see it.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <deque>

#include "tooz/coordinator.h"
#include "tooz/error.h"
#include "tooz/value.h"
#include "toozctl/commands.h"
#include "toozctl/session.h"

namespace toozctl {
namespace {

namespace json = boost::json;
using base::Env;

struct Work {
  Env& env;
  const CommandLine& line;
  std::size_t clients;
  Env::Duration time;
};

std::size_t clients_in(const CommandLine& line, std::size_t fallback) {
  constexpr std::size_t kMost = 1000;
  const auto it = line.options.find("clients");
  if (it == line.options.end()) return fallback;
  std::size_t number = 0;
  const auto& text = it->second;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec != std::errc{} || end != text.data() + text.size() || number < 1 || number > kMost)
    throw UsageError("--clients needs a number from 1 to 1000, not " + text);
  return number;
}

double seconds(Env::Duration time) { return std::chrono::duration<double>(time).count(); }

/// What took how long, until it is asked for quantiles. Thread-safe.
class Times {
 public:
  void add(Env::Duration time) {
    const std::lock_guard lock(mutex_);
    times_.push_back(time);
  }
  std::size_t count() const { return times_.size(); }
  /// In milliseconds; 0: nothing was measured.
  double quantile(double part) {
    if (times_.empty()) return 0;
    std::ranges::sort(times_);
    const auto at = static_cast<std::size_t>(part * static_cast<double>(times_.size() - 1));
    return seconds(times_[at]) * 1000;
  }

 private:
  std::mutex mutex_;
  std::vector<Env::Duration> times_;
};

/// A coordinator for each client, as processes of their own would have.
std::deque<tooz::Coordinator> coordinators(const Work& work) {
  std::deque<tooz::Coordinator> all;
  for (std::size_t i = 0; i < work.clients; ++i) {
    tooz::Options options;
    options.member_id = member_id(work.line) + "-" + std::to_string(i);
    options.lease = work.line.lease;
    all.emplace_back(work.env, work.line.backend, options);
  }
  return all;
}

/// Calls `cycle(client)` in a thread for each client until the time is over. Passes on the first
/// failure.
void repeat(const Work& work, const std::function<void(std::size_t)>& cycle) {
  const auto end = work.env.now() + work.time;
  std::mutex mutex;
  std::exception_ptr failure;
  std::vector<std::unique_ptr<Env::Thread>> threads;
  for (std::size_t i = 0; i < work.clients; ++i)
    threads.push_back(work.env.spawn("bench", [&, i](const std::stop_token&) {
      try {
        while (work.env.now() < end)
          cycle(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    }));
  threads.clear();
  if (failure) std::rethrow_exception(failure);
}

std::string bench_name(const CommandLine& line) { return "toozctl-bench-" + member_id(line); }

json::object bench_lock(const Work& work) {
  auto all = coordinators(work);
  Times times;
  repeat(work, [&](std::size_t i) {
    const auto began = work.env.now();
    auto held = all[i].lock(bench_name(work.line) + "-" + std::to_string(i)).try_acquire();
    if (!held) throw tooz::Error(tooz::Errc::kUnreachable, "somebody else has a lock of ours");
    held->release();
    times.add(work.env.now() - began);
  });
  return {{"cycles_per_second", static_cast<double>(times.count()) / seconds(work.time)},
          {"median_ms", times.quantile(0.5)},
          {"p99_ms", times.quantile(0.99)}};
}

// From the answer to a release until the next acquire returns.
json::object bench_handoff(const Work& work) {
  auto all = coordinators(work);
  Times times;
  std::mutex mutex;
  std::optional<Env::TimePoint> released;
  repeat(work, [&](std::size_t i) {
    auto held = all[i].lock(bench_name(work.line)).acquire({}, work.env.now() + work.time);
    if (!held) return;
    const auto got = work.env.now();
    {
      const std::lock_guard lock(mutex);
      if (released) times.add(got - *released);
    }
    held->release();
    const auto now = work.env.now();
    const std::lock_guard lock(mutex);
    released = now;
  });
  return {{"handoffs_per_second", static_cast<double>(times.count()) / seconds(work.time)},
          {"median_ms", times.quantile(0.5)},
          {"p99_ms", times.quantile(0.99)}};
}

// All join one group; then its view is read.
json::object bench_members(const Work& work) {
  auto all = coordinators(work);
  const std::string group = bench_name(work.line);
  all[0].create_group(group);
  Times joins;
  for (tooz::Coordinator& each : all) {
    const auto began = work.env.now();
    each.join(group, nullptr);
    joins.add(work.env.now() - began);
  }
  const auto began = work.env.now();
  std::size_t seen = all[0].view(group).members.size();
  const auto filled = work.env.now() - began;
  constexpr int kReads = 100'000;
  const auto reading = work.env.now();
  for (int i = 0; i < kReads; ++i)
    seen = all[0].view(group).members.size();
  const auto read = (work.env.now() - reading) / kReads;
  for (tooz::Coordinator& each : all)
    each.leave(group);
  all[0].remove_group(group);
  return {{"members", seen},
          {"join_median_ms", joins.quantile(0.5)},
          {"first_view_ms", seconds(filled) * 1000},
          {"view_ns", static_cast<std::int64_t>(read.count())}};
}

/// For people: no exponents, which is how the library writes a number as JSON.
std::string plain(const json::value& value) {
  if (!value.is_double()) return json::serialize(value);
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value.get_double(),
                                 std::chars_format::fixed, 3);
  return {text.data(), end.ptr};
}

}  // namespace

int run_bench(base::Env& env, const CommandLine& line) {
  const std::string& what = line.arguments[0];
  const bool handoff = what == "handoff";
  if (what != "lock" && !handoff && what != "members")
    throw UsageError("bench measures lock, handoff or members, not " + what);
  const Work work{env, line,
                  clients_in(line, what == "members" ? 10
                                   : handoff         ? 2
                                                     : 1),
                  line.duration("seconds", std::chrono::seconds(5))};
  if (work.time <= base::Env::Duration::zero()) throw UsageError("--seconds needs a time above 0");
  const json::object result = what == "lock" ? bench_lock(work)
                              : handoff      ? bench_handoff(work)
                                             : bench_members(work);
  if (line.has("json")) {
    print_line(json::serialize(result));
    return kDone;
  }
  for (const auto& [name, value] : result)
    print_line(std::string(name) + "\t" + plain(value));
  return kDone;
}

}  // namespace toozctl
