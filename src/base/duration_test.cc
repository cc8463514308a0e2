#include "base/duration.h"

#include <gtest/gtest.h>

namespace base {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsSecondsUnlessAUnitFollows) {
  EXPECT_EQ(parse_duration("5"), 5s);
  EXPECT_EQ(parse_duration("0.5"), 500ms);
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("5s"), 5s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("0"), 0s);
}

TEST(Duration, RefusesWhatIsNoTime) {
  for (const char* text : {"", "s", "-1", "5 s", "5h", "fast", "1e99", "nan", "inf", "0.0001"})
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace base
