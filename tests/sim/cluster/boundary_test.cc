#include "tests/sim/cluster/boundary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "tests/sim/cluster/child.h"

namespace sim {
namespace {

std::string shown(const Step& step) {
  return step.process + (step.when == Passage::When::kBefore ? " before " : " after ") + step.call;
}

/// What is different from the undisturbed end; empty: nothing that matters.
std::string difference(const BoundaryEnd& end, const BoundaryEnd& undisturbed) {
  if (!end.violation.empty()) return end.violation;
  if (end.row != undisturbed.row) return "its row is `" + end.row + "`";
  if (end.data != undisturbed.data) return "other data is stored";
  if (end.ironic != undisturbed.ironic) return "it stands in Ironic as " + end.ironic;
  if (end.patches.size() > undisturbed.patches.size() + 1) return "its set was sent too often";
  const bool same = std::ranges::all_of(end.patches, [&](const std::string& patch) {
    return std::ranges::find(undisturbed.patches, patch) != undisturbed.patches.end();
  });
  return same ? std::string() : "another set was sent";
}

class StepBoundary : public testing::TestWithParam<Cut> {};

TEST_P(StepBoundary, WhoeverDiesThereTheEndIsTheSame) {
  const BoundaryEnd undisturbed = run_boundary({.operation = GetParam()});
  ASSERT_EQ(undisturbed.violation, "");
  ASSERT_GT(undisturbed.steps.size(), 10U);
  for (std::size_t k = 0; k < undisturbed.steps.size(); ++k) {
    const std::string found = in_child([&] {
      return difference(run_boundary({.operation = GetParam(), .kill_at = k}), undisturbed);
    });
    if (!found.empty())
      ADD_FAILURE() << "killed at step " << k << ", " << shown(undisturbed.steps[k]) << ": "
                    << found;
  }
}

// Each conductor that is about to send the changes dies, and is started again.
TEST(PoisonOperation, EndsAsAnErrorWithItsHistory) {
  const std::string said = in_child([] {
    const BoundaryEnd end =
        run_boundary({.operation = Cut::kProcess, .poison = "PATCH http://ironic"});
    return end.violation + std::to_string(end.deaths) + " deaths, " + end.row;
  });
  EXPECT_THAT(said, testing::StartsWith("3 deaths, error: The operation 'process' was given up"));
  EXPECT_THAT(said, testing::HasSubstr("left it at step sending"));
}

std::string name_of(const testing::TestParamInfo<Cut>& info) {
  constexpr std::array<const char*, 5> kNames{"Start", "Process", "Abort", "Reapply", "Enroll"};
  return kNames.at(static_cast<std::size_t>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Of, StepBoundary,
                         testing::Values(Cut::kStart, Cut::kProcess, Cut::kAbort, Cut::kReapply,
                                         Cut::kEnroll),
                         name_of);

}  // namespace
}  // namespace sim
