// Processes, servers and networks of a whole cluster fail at random; nothing that was accepted is
// lost. The output is the table of docs/chaos.md.
#include "tests/e2e/chaos/ordeal.h"
#include "tests/paths/paths.h"

#include <algorithm>
#include <array>

namespace e2e {
namespace {

constexpr int kKillsAtWork = 20;
constexpr double kStarts = 6;  // a second

/// Where a conductor dies, and another goes on.
constexpr std::array kBranches = {
    "start at accepted",   "start at queued",     "start at power",
    "process at accepted", "process at stored",   "process at sending",
    "abort at accepted",   "reapply at accepted", "reapply at sending"};

class Chaos : public Ordeal {
 protected:
  bool enough() const override {
    const std::map<std::string, int> reached = takeovers(*this);
    return nemesis_->kills_at_work() >= kKillsAtWork &&
           std::ranges::all_of(kBranches, [&](auto each) { return reached.contains(each); });
  }
};

TEST_F(Chaos, NothingAcceptedIsLost) {
  begin({.nodes = kNodes});
  trouble(kStarts, {});
  table();
  for (const auto& [what, times] : nemesis_->done())
    row(what, times);
  row("kills of a conductor that was working", nemesis_->kills_at_work());
  row("operations that were under way in them", nemesis_->operations_killed());
  show_answers();
  const std::map<std::string, int> reached = takeovers(*this);
  for (const auto& [what, times] : reached)
    row("taken over: " + what, times);
  nothing_was_lost();
  ironic_was_asked_as_allowed();
  writes_were_fenced();
  gates_are_closed();
  EXPECT_GE(nemesis_->kills_at_work(), kKillsAtWork);
  for (const char* branch : kBranches)
    EXPECT_TRUE(reached.contains(branch)) << branch;
}

/// Conductors of a build of its own that look neither at the rest of their lease nor at its loss,
/// as one does that is stopped between the look and what follows: only the fence is left.
class BlindChaos : public Ordeal {
 protected:
  std::string conductor_program() const override {
    return support::built_path("../tests/blind_conductor");
  }
  bool enough() const override {
    return !conductor_lines("A write with a stale token was refused").empty();
  }
};

TEST_F(BlindChaos, TheFenceAloneRefusesStaleWrites) {
  length_ = std::min(length_, seconds(15));
  begin({.nodes = kNodes});
  trouble(kStarts, {.kill_conductor = 0,
                    .stop_conductor = 70,
                    .cut_conductor = 30,
                    .end_conductor = 0,
                    .kill_api = 0,
                    .stop_api = 0,
                    .cut_api = 0,
                    .kill_etcd = 0,
                    .stop_etcd = 0,
                    .kill_database = 0,
                    .stop_database = 0});
  table();
  for (const auto& [what, times] : nemesis_->done())
    row(what, times);
  EXPECT_GT(writes_were_fenced(), 0);
}

}  // namespace
}  // namespace e2e
