#include "inspector/processing/testing/hook_fixture.h"

namespace inspector {
namespace {

using ExampleHook = testing::HookTest;

TEST_F(ExampleHook, ChangesNothing) {
  const auto before = report_;
  EXPECT_EQ(run("example"), "");
  EXPECT_EQ(report_, before);
  EXPECT_TRUE(changes_.empty());
}

}  // namespace
}  // namespace inspector
