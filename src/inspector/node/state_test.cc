#include "inspector/node/state.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace inspector {
namespace {

using S = State;
constexpr std::array kEvents = {Event::kAbort,  Event::kAbortEnd, Event::kError,
                                Event::kFinish, Event::kProcess,  Event::kReapply,
                                Event::kStart,  Event::kTimeout,  Event::kWait};

/// A line a state, a column an event in the order of kEvents; `-`: no transition.
constexpr std::string_view kTable = R"(
starting   -        -     error -        -          -          -        error waiting
waiting    aborting -     error -        processing -          starting error -
processing -        -     error finished -          -          -        error -
finished   -        -     error finished -          reapplying starting -     -
error      error    -     error -        -          reapplying starting -     -
reapplying -        -     error finished -          reapplying -        error -
enrolling  -        -     error -        processing -          -        error -
aborting   -        error error -        -          -          -        error -
)";

std::string table() {
  std::string text = "\n";
  const std::array<std::size_t, 10> widths = {11, 9, 6, 6, 9, 11, 11, 9, 6, 0};
  for (const State state : all_states()) {
    std::string line(name(state));
    std::size_t column = widths[0];
    for (std::size_t i = 0; i < kEvents.size(); ++i) {
      line.resize(column, ' ');
      const auto to = next(state, kEvents[i]);
      line += to ? name(*to) : "-";
      column += widths[i + 1];
    }
    text += line + "\n";
  }
  return text;
}

TEST(NodeState, TransitionsAreUpstreamsAndErrorIsPossibleFromEverywhere) {
  EXPECT_EQ(table(), kTable);
}

TEST(NodeState, NamesAreReadBack) {
  for (const State state : all_states())
    EXPECT_EQ(state_from_name(name(state)), state);
  EXPECT_EQ(state_from_name("Finished"), std::nullopt);
  EXPECT_EQ(state_from_name(""), std::nullopt);
  EXPECT_EQ(name(Event::kAbortEnd), "abort_end");
}

TEST(NodeState, PassiveStatesAreThree) {
  for (const State state : all_states())
    EXPECT_EQ(is_active(state), state != S::kWaiting && state != S::kFinished && state != S::kError)
        << name(state);
}

}  // namespace
}  // namespace inspector
