// How long the work of a killed conductor stands still. By night with the usual lease of 10 s and
// fifty kills (TOOZ_TAKEOVER_KILLS), else two with a short one.
#include "tests/e2e/chaos/ordeal.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <sstream>

namespace e2e {
namespace {

using namespace std::chrono_literals;
using WallTime = base::Env::WallTime;

/// The hour of a line of a log: `2026-11-22 20:38:26.117 …`, local.
WallTime hour_of(const std::string& line) {
  std::tm broken{};
  strptime(line.c_str(), "%Y-%m-%d %H:%M:%S", &broken);
  broken.tm_isdst = -1;
  return std::chrono::system_clock::from_time_t(std::mktime(&broken)) +
         milliseconds(std::stoi(line.substr(20, 3)));
}

class TakeoverTime : public Ordeal {
 protected:
  TakeoverTime() { lease_ = by_night() ? 10s : 3s; }

  static bool by_night() {
    return std::getenv("TOOZ_NIGHTLY") != nullptr || std::getenv("TOOZ_TAKEOVER_KILLS") != nullptr;
  }

  /// Starts of nodes in turn; of one that waits for its machine, again.
  void start_some(int count) {
    base::Pool callers(base::system_env(), {.name = "callers", .max_threads = 16});
    for (int i = 0; i < count; ++i, ++next_)
      callers.submit([this, node = next_](const std::stop_token&) { api(0).start(node % kNodes); });
    callers.drain(base::system_env().after(60s));
  }

  std::vector<std::string> operations_of(const std::string& conductor) const {
    std::istringstream rows(
        sql("SELECT id FROM cc_operation WHERE owner = '" + conductor + "' AND incarnation <> ''"));
    std::vector<std::string> ids;
    for (std::string id; std::getline(rows, id);)
      ids.push_back(id);
    return ids;
  }

  using Numbers = std::array<std::size_t, 2>;

  /// Two of the three die at the same moment. Measured is from there until each of their operations
  /// has gone on in the third.
  void kill_and_measure(const Numbers& victims) {
    ASSERT_TRUE(eventually(
        [&] {
          start_some(18);
          return std::ranges::none_of(
              victims, [&](std::size_t i) { return operations_of(conductor(i).name()).empty(); });
        },
        120s));
    const WallTime end = base::system_env().wall_time();
    for (const std::size_t i : victims)
      conductor(i).process().freeze();  // so that what is counted is what they die with
    std::vector<std::string> left;
    for (const std::size_t i : victims)
      for (const std::string& id : operations_of(conductor(i).name()))
        left.push_back("operation=" + id + " from=" + conductor(i).name());
    for (const std::size_t i : victims) {
      conductor(i).process().signal(SIGKILL);
      conductor(i).process().wait(10s);
      ++kills_;
    }
    for (const std::string& text : left)
      measure(text, end);
    const std::size_t joined_before = conductor_lines("Joined the group").size();
    for (const std::size_t i : victims)
      start_conductor(i);
    EXPECT_TRUE(eventually(
        [&] {
          return conductor_lines("Joined the group").size() >= joined_before + victims.size();
        },
        60s));
  }

  void measure(const std::string& text, WallTime begin) {
    std::vector<std::string> lines;
    ASSERT_TRUE(eventually(
        [&] {
          lines = conductor_lines(text);
          return !lines.empty();
        },
        60s))
        << text;
    took_.push_back(std::chrono::duration_cast<milliseconds>(hour_of(lines.front()) - begin));
  }

  milliseconds percentile(int percent) const {
    return took_.at((took_.size() - 1) * static_cast<std::size_t>(percent) / 100);
  }

  int next_ = 0, kills_ = 0;
  std::size_t next_victim_ = 0;
  std::vector<milliseconds> took_;
};

TEST_F(TakeoverTime, IsTheLeaseAndALittleMore) {
  begin({.nodes = kNodes, .latency = "1500ms", .boot_time = "3600s"});
  const auto kills =
      static_cast<int>(number_from_environment("TOOZ_TAKEOVER_KILLS", by_night() ? 50 : 2));
  while (kills_ < kills) {
    kill_and_measure({next_victim_ % kConductors, (next_victim_ + 1) % kConductors});
    ++next_victim_;
    if (HasFatalFailure()) return;
  }
  std::ranges::sort(took_);
  table();
  row("kills", kills_);
  row("operations that were under way in them", static_cast<long>(took_.size()));
  for (const int percent : {50, 90, 99, 100})
    row("until they went on elsewhere, p" + std::to_string(percent) + ", ms",
        percentile(percent).count());
  if (by_night()) {
    EXPECT_LE(percentile(99), 12s);
  }
}

}  // namespace
}  // namespace e2e
