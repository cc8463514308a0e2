#include "sim/history/history.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "sim/history/linearizable.h"
#include "sim/history/lock_order.h"
#include "sim/history/models.h"

namespace sim {
namespace {

using Lock = std::vector<Call<LockUse>>;
using Cell = std::vector<Call<Access>>;

Call<LockUse> acquire(tooz::Revision token, Moment from, Moment to) {
  return {{LockUse::Kind::kAcquire, token}, from, to};
}
Call<LockUse> look(tooz::Revision token, Moment from, Moment to) {
  return {{LockUse::Kind::kLook, token}, from, to};
}
Call<LockUse> release(tooz::Revision token, Moment from, Moment to = kNever) {
  return {{LockUse::Kind::kRelease, token}, from, to};
}
Call<Access> wrote(tooz::Revision token, std::int64_t value, Moment from, Moment to = kNever) {
  return {{Access::Kind::kWrite, token, value}, from, to};
}
Call<Access> found(tooz::Revision token, std::int64_t value, Moment from, Moment to = kNever) {
  return {{Access::Kind::kRead, token, value}, from, to};
}
Call<Access> refused(tooz::Revision token, Moment from, Moment to) {
  return {{Access::Kind::kWrite, token, 0, true}, from, to};
}

Verdict of(const Cell& calls) { return linearizable<RegisterModel>(calls); }

TEST(LockHistory, OneHolderAfterTheOtherIsGood) {
  EXPECT_EQ(lock_violation({}), "");
  EXPECT_EQ(lock_violation({acquire(3, 1, 2), look(3, 3, 4), release(3, 5, 6), acquire(7, 7, 8)}),
            "");
}

TEST(LockHistory, WaiterWhoIsServedAtTheReleaseIsGood) {
  EXPECT_EQ(lock_violation({acquire(1, 1, 2), acquire(2, 3, 9), look(1, 4, 5), release(1, 6, 10)}),
            "");
}

TEST(LockHistory, LostLockWithoutAReleaseIsGood) {
  EXPECT_EQ(lock_violation({acquire(1, 1, 2), look(1, 3, 4), acquire(2, 5, 6), look(2, 7, 8),
                            release(1, 9, 10)}),
            "");
}

TEST(LockHistory, LookThatBeganBeforeTheNextGrantEndedIsGood) {
  EXPECT_EQ(lock_violation({acquire(1, 1, 2), look(1, 3, 20), acquire(2, 4, 5), look(2, 6, 7)}),
            "");
}

TEST(LockHistory, TwoHoldersAtOnceAreFound) {
  EXPECT_EQ(lock_violation({acquire(1, 1, 2), acquire(2, 3, 4), look(1, 5, 6)}),
            "token 2 was granted while 1 was still seen live");
}

TEST(LockHistory, SmallerTokenAfterAGreaterOneIsFound) {
  EXPECT_NE(lock_violation({acquire(9, 1, 2), release(9, 3, 4), acquire(5, 5, 6)}), "");
}

TEST(LockHistory, SameTokenTwiceIsFound) {
  EXPECT_EQ(lock_violation({acquire(1, 1, 2), acquire(1, 3, 4)}), "token 1 was granted twice");
}

TEST(LockHistory, LookAfterTheReleaseIsFound) {
  EXPECT_EQ(lock_violation({acquire(1, 1, 2), release(1, 3, 4), look(1, 5, 6)}),
            "token 1 was seen live after its release");
}

TEST(LockHistory, LookWithoutAGrantIsFound) {
  EXPECT_EQ(lock_violation({look(1, 5, 6)}), "token 1 was used and never granted");
}

TEST(LockHistory, LookBeforeTheHolderBeforeHimWasDoneIsFound) {
  EXPECT_NE(lock_violation({acquire(1, 1, 2), acquire(2, 3, 20), look(2, 4, 5), look(1, 6, 7)}),
            "");
}

TEST(RegisterHistory, CallsOneAfterTheOtherAreGood) {
  EXPECT_EQ(of({}), Verdict::kYes);
  EXPECT_EQ(of({found(1, 0, 1, 2), wrote(1, 5, 3, 4), found(2, 5, 5, 6), refused(1, 7, 8)}),
            Verdict::kYes);
}

TEST(RegisterHistory, OverlappingCallsMayHaveHappenedEitherWay) {
  EXPECT_EQ(of({wrote(1, 5, 1, 10), found(1, 0, 2, 3), found(1, 5, 4, 5)}), Verdict::kYes);
  EXPECT_EQ(of({wrote(1, 5, 1, 10), wrote(1, 6, 2, 9), found(1, 5, 11, 12)}), Verdict::kYes);
}

TEST(RegisterHistory, UnansweredWriteMayHappenLateOrNever) {
  EXPECT_EQ(of({wrote(1, 5, 1), found(1, 0, 2, 3), found(1, 0, 4, 5)}), Verdict::kYes);
  EXPECT_EQ(of({wrote(1, 5, 1), found(1, 0, 2, 3), found(1, 5, 4, 5)}), Verdict::kYes);
  EXPECT_EQ(of({wrote(1, 5, 1), found(2, 0, 2, 3), found(2, 0, 4, 5)}), Verdict::kYes);
}

TEST(RegisterHistory, UnansweredReadMayHaveRaisedTheToken) {
  EXPECT_EQ(of({found(2, 0, 1), refused(1, 2, 3)}), Verdict::kYes);
}

TEST(RegisterHistory, OldValueAfterANewOneIsFound) {
  EXPECT_EQ(of({wrote(1, 5, 1, 2), found(1, 0, 3, 4)}), Verdict::kNo);
  EXPECT_EQ(of({wrote(1, 5, 1, 10), found(1, 5, 2, 3), found(1, 0, 4, 5)}), Verdict::kNo);
}

TEST(RegisterHistory, ValueOutOfNowhereIsFound) {
  EXPECT_EQ(of({found(1, 7, 1, 2)}), Verdict::kNo);
}

TEST(RegisterHistory, UnansweredWriteThatHappensTwiceIsFound) {
  EXPECT_EQ(of({wrote(1, 5, 1), found(1, 5, 2, 3), wrote(1, 6, 4, 5), found(1, 5, 6, 7)}),
            Verdict::kNo);
}

TEST(RegisterHistory, OldTokenThatIsTakenIsFound) {
  EXPECT_EQ(of({found(2, 0, 1, 2), wrote(1, 5, 3, 4)}), Verdict::kNo);
  EXPECT_EQ(of({wrote(2, 5, 1, 2), wrote(1, 6, 3), found(2, 6, 4, 5)}), Verdict::kNo);
}

TEST(RegisterHistory, NewTokenThatIsRefusedIsFound) {
  EXPECT_EQ(of({found(1, 0, 1, 2), refused(2, 3, 4)}), Verdict::kNo);
  EXPECT_EQ(of({found(1, 0, 1, 2), refused(1, 3, 4)}), Verdict::kNo);
}

TEST(RegisterHistory, LongSearchIsGivenUp) {
  Cell calls;
  for (Moment i = 1; i <= 40; ++i)
    calls.push_back(wrote(1, static_cast<std::int64_t>(i), i, 100 + i));
  calls.push_back(found(1, 99, 200, 201));
  EXPECT_EQ(linearizable<RegisterModel>(calls, 10'000), Verdict::kUndecided);
}

// What really happened, one call after the other, seen through ends that were blurred.
TEST(RegisterHistory, WhateverOneRegisterDidIsGood) {
  std::mt19937 chance(1);
  for (int round = 0; round < 200; ++round) {
    RegisterModel::State state;
    Cell calls;
    for (Moment i = 1; i <= 60; ++i) {
      Access op{chance() % 2 == 0 ? Access::Kind::kRead : Access::Kind::kWrite,
                std::max<tooz::Revision>(1, static_cast<tooz::Revision>(i / 10 + chance() % 3)),
                static_cast<std::int64_t>(chance() % 4)};
      op.refused = op.token < state.newest;
      const bool happens = chance() % 10 != 0;
      if (happens && op.kind == Access::Kind::kRead) op.value = state.value;
      if (happens) state = RegisterModel::unheard(state, op);
      const Moment from = 1000 * i - chance() % 3000 % (1000 * i), to = 1000 * i + chance() % 3000;
      calls.push_back({op, from, happens && chance() % 8 != 0 ? to : kNever});
    }
    ASSERT_EQ(of(calls), Verdict::kYes) << "round " << round;
  }
}

Lock by_chance(std::mt19937& chance) {
  Lock calls;
  for (int i = 0; i < 7; ++i) {
    const auto token = static_cast<tooz::Revision>(1 + chance() % 3);
    const auto kind = static_cast<LockUse::Kind>(chance() % 3);
    const Moment from = 1 + chance() % 1000;
    calls.push_back({{kind, token}, from, from + 1 + chance() % 400});
  }
  // Who never had it has nothing to give back: neither says anything about that.
  const Lock all = calls;
  std::erase_if(calls, [&](const auto& call) {
    return std::ranges::none_of(all, [&](const auto& other) {
      return other.op.kind == LockUse::Kind::kAcquire && other.op.token == call.op.token;
    });
  });
  // Moments are all different, as the recorder's.
  for (std::size_t i = 0; i < calls.size(); ++i) {
    calls[i].begun = calls[i].begun * 100 + 2 * i;
    calls[i].ended = calls[i].ended * 100 + 2 * i + 1;
  }
  return calls;
}

TEST(LockHistory, TheOnePassSaysWhatTheSearchSays) {
  std::mt19937 chance(1);
  int good = 0, bad = 0;
  for (int round = 0; round < 20'000; ++round) {
    const Lock calls = by_chance(chance);
    const bool fine = linearizable<LockModel>(calls) == Verdict::kYes;
    ASSERT_EQ(lock_violation(calls).empty(), fine) << "round " << round;
    ++(fine ? good : bad);
  }
  EXPECT_GT(good, 100);
  EXPECT_GT(bad, 1000);
}

}  // namespace
}  // namespace sim
