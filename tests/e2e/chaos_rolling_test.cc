// Every process is replaced, one by one, while operators work. TOOZ_PREVIOUS_BIN names a folder
// with the programs of the last release: the cluster then begins as theirs and is upgraded on the
// way, goes back to them, and has both die beside each other.
#include "tests/e2e/chaos/ordeal.h"

#include <algorithm>
#include <cstdlib>

namespace e2e {
namespace {

using namespace std::chrono_literals;

class Rolling : public Ordeal {
 protected:
  /// What the last release can do as well.
  Config config(const ChaosMember& member) const override {
    return Ordeal::config(member).set("pxe_filter", "driver", "noop");
  }
  std::string conductor_program() const override { return of("ironic-inspector-conductor"); }
  std::string api_program() const override { return of("ironic-inspector-api-wsgi"); }

  std::string dbsync_program() const override { return of("ironic-inspector-dbsync"); }
  static const char* previous() { return std::getenv("TOOZ_PREVIOUS_BIN"); }
  /// The last release's, as long as the cluster has not been upgraded.
  std::string of(const std::string& name) const {
    if (previous() == nullptr || upgraded_) return program(name);
    return std::string(previous()) + "/" + name;
  }

  void replace_conductor(std::size_t i) {
    const std::string joined_text = "Joined the group";
    const std::size_t before = conductor_lines(joined_text).size();
    EXPECT_EQ(conductor(i).process().stop(90s), 0);
    start_conductor(i);
    EXPECT_TRUE(eventually([&] { return conductor_lines(joined_text).size() > before; }, 60s));
    work_on();
  }
  void replace_api(std::size_t i) {
    EXPECT_EQ(api_member(i).process().stop(90s), 0);
    start_api(i);
    EXPECT_TRUE(api(i).serves());
    EXPECT_EQ(api(i).abort(99999).status, 404);  // a conductor's answer, at once
    work_on();
  }
  /// Some more introspections come to their end before the next process goes.
  void work_on() {
    const std::size_t enough = load_->asked().size() + 15;
    EXPECT_TRUE(eventually([&] { return load_->asked().size() >= enough; }, 60s));
  }
  void replace_all() {
    const auto begin = now();
    replace_conductor(0);
    replace_api(0);
    replace_conductor(1);
    replace_api(1);
    replace_conductor(2);
    note("three conductors and two APIs replaced", since(begin));
  }
  void no_request_failed() {
    for (const auto& [what, times] : load_->answers())
      EXPECT_TRUE(what.ends_with(" 202") || what.ends_with(" 200") ||
                  (what.ends_with(" 409") && !what.starts_with("start")))
          << what << ": " << times;
    EXPECT_EQ(judge_endings(load_->asked(), ironic_lines()).given_up, 0);
  }

  bool upgraded_ = false;
};

TEST_F(Rolling, NoRequestAndNoIntrospectionFails) {
  begin({.nodes = kNodes, .latency = "50ms", .boot_time = "2s"});
  begin_load(5);
  work_on();
  upgraded_ = true;
  make_schema();
  work_on();
  replace_all();
  end_load();
  table();
  show_answers();
  nothing_was_lost();
  no_request_failed();
}

/// The way back, on the newer schema.
TEST_F(Rolling, TheLastReleaseTakesItsPlaceAgain) {
  if (previous() == nullptr) GTEST_SKIP() << "TOOZ_PREVIOUS_BIN is not set";
  upgraded_ = true;
  make_schema();
  begin({.nodes = kNodes, .latency = "50ms", .boot_time = "2s"});
  begin_load(5);
  work_on();
  upgraded_ = false;
  replace_all();
  end_load();
  table();
  show_answers();
  nothing_was_lost();
  no_request_failed();
}

/// Two conductors of the last release and one of this one die in turn, with operations under way.
class Mixed : public Rolling {
 protected:
  void start_as(std::size_t i, bool upgraded) {
    upgraded_ = upgraded;
    start_conductor(i);
  }
  /// Operations of a conductor at one of `steps`.
  int at_work(std::size_t i, const std::string& steps) {
    return std::stoi(sql("SELECT count(*) FROM cc_operation WHERE incarnation <> '' AND owner = '" +
                         conductor(i).name() + "' AND step IN (" + steps + ")"));
  }
  /// Stopped first, so that what is counted is what it dies with.
  void kill_at(std::size_t i, const std::string& steps) {
    ASSERT_TRUE(eventually(
        [&] {
          if (at_work(i, steps) == 0) return false;
          conductor(i).process().freeze();
          const int found = at_work(i, steps);
          if (found == 0) conductor(i).process().thaw();
          operations_ += found;
          return found != 0;
        },
        60s));
    conductor(i).process().signal(SIGKILL);
    conductor(i).process().wait(10s);
    work_on();
  }

  static constexpr const char* kNewSteps = "'stored', 'sending'";
  static constexpr const char* kOldSteps = "'queued', 'power', 'processing', 'changes'";
  int operations_ = 0;
};

TEST_F(Mixed, WhatEitherReleaseLeavesGoesOn) {
  if (previous() == nullptr) GTEST_SKIP() << "TOOZ_PREVIOUS_BIN is not set";
  upgraded_ = true;
  make_schema();
  begin({.nodes = kNodes});
  begin_load(5);
  for (const std::size_t i : {0, 1}) {
    upgraded_ = false;
    replace_conductor(i);
  }
  for (int times = 0; times < 4 && !HasFatalFailure(); ++times) {
    kill_at(2, kNewSteps);
    start_as(2, true);
    work_on();
    kill_at(times % 2, kOldSteps);
    start_as(times % 2, false);
  }
  end_load();
  table();
  row("operations that their conductor died with", operations_);
  show_answers();
  for (const auto& [what, times] : takeovers(*this))
    row("taken over: " + what, times);
  nothing_was_lost();
  ironic_was_asked_as_allowed();
  writes_were_fenced();
  EXPECT_FALSE(conductor_lines("An operation that we do not understand is left").empty());
}

}  // namespace
}  // namespace e2e
