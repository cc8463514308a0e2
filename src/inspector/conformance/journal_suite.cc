#include "inspector/conformance/journal_suite.h"

#include "inspector/node/leftovers.h"

#include <algorithm>

namespace inspector {

using Kind = Operation::Kind;
using Step = Operation::Step;

Operation JournalSuite::operation(Kind kind, int n, const std::string& owner) {
  Operation made = journal_.make(kind, uuid(n));
  made.owner = "host-" + owner;
  made.incarnation = owner;
  made.arguments = {{"manage_boot", true}};
  return made;
}

Operation JournalSuite::started(int n, const std::string& owner) {
  Operation made = operation(Kind::kStart, n, owner);
  store_.start(uuid(n), true, {}, {token(1), journal_.enter(made)});
  return made;
}

Operation JournalSuite::report(const std::string& digest, const std::string& owner) {
  Operation made = operation(Kind::kProcess, 0, owner);
  made.node.clear();
  made.digest = digest;
  return made;
}

void JournalSuite::write(const Operation& operation, const Journal::Write& body,
                         std::int64_t number) {
  store_.write(operation.node, token(number), body);
}

std::vector<std::string> JournalSuite::claimable(std::string_view mine) {
  std::vector<std::string> ids;
  for (const Operation& each : journal_.claimable(mine, 100))
    ids.push_back(each.id);
  return ids;
}

namespace {

using Ids = std::vector<std::string>;

TEST_P(JournalSuite, AnOperationComesBackAsItWasEntered) {
  const Operation entered = started(1);
  const auto found = journal_.claimable("mine", 10);
  ASSERT_EQ(found.size(), 1U);
  const Operation& read = found.front();
  EXPECT_EQ(read.id, entered.id);
  EXPECT_EQ(read.kind, Kind::kStart);
  EXPECT_EQ(read.step, Step::kAccepted);
  EXPECT_EQ(read.node, uuid(1));
  EXPECT_EQ(read.arguments, entered.arguments);
  EXPECT_EQ(read.owner, "host-mine");
  EXPECT_EQ(read.created, sql::stored(entered.created, sql::Dialect::kSqlite));
  EXPECT_FALSE(read.due);
}

TEST_P(JournalSuite, AStepAndTheStateOfTheNodeStandTogetherOrNotAtAll) {
  Operation start = started(1);
  start.step = Step::kPower;
  EXPECT_THROW(store_.fire(uuid(1), Event::kFinish, {token(1), journal_.move_on(start)}), Error);
  EXPECT_EQ(journal_.claimable("mine", 1).front().step, Step::kAccepted);
  write(start, journal_.move_on(start));
  EXPECT_EQ(journal_.claimable("mine", 1).front().step, Step::kPower);
  store_.fire(uuid(1), Event::kWait, {token(1), journal_.end(start)});
  EXPECT_EQ(claimable(), Ids{});
  EXPECT_EQ(store_.get(uuid(1))->state, State::kWaiting);
}

TEST_P(JournalSuite, WhoHasLostAnOperationWritesNothingMore) {
  Operation start = started(1);
  EXPECT_EQ(journal_.disown("mine"), 1);
  start.step = Step::kPower;
  EXPECT_THROW(write(start, journal_.move_on(start)), StaleToken);
  EXPECT_THROW(store_.fire(uuid(1), Event::kWait, {token(1), journal_.end(start)}), StaleToken);
  EXPECT_EQ(store_.get(uuid(1))->state, State::kStarting);
}

TEST_P(JournalSuite, OneOfTwoClaims) {
  started(1, "dead");
  EXPECT_EQ(claimable(), Ids{});
  EXPECT_EQ(journal_.disown("dead"), 1);
  Operation first = journal_.claimable("a", 10).front();
  Operation second = journal_.claimable("b", 10).front();
  EXPECT_EQ(first.tries, 1);
  write(first, journal_.claim(first, {"host-a", "a"}, 2), 2);
  EXPECT_THROW(write(second, journal_.claim(second, {"host-b", "b"}, 3), 3), Journal::Taken);
  EXPECT_EQ(journal_.claimable("a", 10).front().history, "host-dead left it at step accepted");
  EXPECT_EQ(journal_.claimable("b", 10).size(), 0U);
}

TEST_P(JournalSuite, WhatIsHandedOverCountsNoTry) {
  started(1);
  EXPECT_EQ(journal_.hand_over("mine", Journal::Which::kQueued), 0);
  EXPECT_EQ(journal_.hand_over("mine"), 1);
  EXPECT_EQ(journal_.claimable("a", 10).front().tries, 0);
  EXPECT_EQ(journal_.hand_over(""), 0);
}

TEST_P(JournalSuite, WhatWaitedForItsTurnCountsNoTryHoweverManyConductorsEnd) {
  Operation each = started(1, "first");
  Journal::Turn turn;
  write(each, journal_.take_turn(each, {.delay = std::chrono::seconds(5)}, turn));
  for (const char* next : {"second", "third", "fourth"}) {
    EXPECT_EQ(journal_.disown(each.incarnation), 1);
    each = journal_.claimable("", 1).at(0);
    EXPECT_EQ(each.tries, 0);
    write(each, journal_.claim(each, {next, next}, 1));
  }
  each.step = Step::kPower;
  write(each, journal_.move_on(each));
  EXPECT_EQ(journal_.disown("fourth"), 1);
  EXPECT_EQ(journal_.claimable("", 1).at(0).tries, 1);
}

TEST_P(JournalSuite, WhatNoThreadHadComeToCountsNoTryAndWhoClaimsItHasBegun) {
  Operation each = operation(Kind::kStart, 1, "first");
  each.tries = Operation::kNotBegun;
  store_.start(uuid(1), true, {}, {token(1), journal_.enter(each)});
  for (int i = 0; i < 3; ++i)
    journal_.disown("first");
  each = journal_.claimable("", 1).at(0);
  EXPECT_LE(each.tries, 0);
  write(each, journal_.claim(each, {"second", "second"}, 1));
  journal_.disown("second");
  EXPECT_EQ(journal_.claimable("", 1).at(0).tries, 1);
}

TEST_P(JournalSuite, WhatAThreadHasComeToCountsATry) {
  Operation each = operation(Kind::kStart, 1, "first");
  each.tries = Operation::kNotBegun;
  store_.start(uuid(1), true, {}, {token(1), journal_.enter(each)});
  journal_.begin(each);
  journal_.disown("first");
  EXPECT_EQ(journal_.claimable("", 1).at(0).tries, 1);
  each.tries = Operation::kNotBegun;
  EXPECT_THROW(journal_.begin(each), StaleToken);
}

TEST_P(JournalSuite, OwnersAreThoseOfOthers) {
  started(1);
  started(2, "other");
  started(3, "other");
  const auto owners = journal_.owners("mine");
  ASSERT_EQ(owners.size(), 1U);
  EXPECT_EQ(owners.front().incarnation, "other");
  EXPECT_EQ(owners.front().host, "host-other");
}

TEST_P(JournalSuite, AReportIsAcceptedOnceAndItsAnswerIsKept) {
  const Operation first = report("d1");
  const std::string body(200'000, 'b');
  EXPECT_EQ(journal_.accept(first, body).known, Journal::Known::kNew);
  EXPECT_EQ(journal_.body(first), body);
  EXPECT_EQ(journal_.accept(report("d1", "other"), body).known, Journal::Known::kUnderWay);
  EXPECT_TRUE(journal_.under_way("d1"));
  EXPECT_FALSE(journal_.answer("d1"));
  wait(1);
  const KeptAnswer told{.uuid = uuid(1), .error = Error(Errc::kBadRequest, "no")};
  store_.finish(uuid(1), Event::kError, "e", {token(1), journal_.end(first, told)});
  EXPECT_EQ(count("cc_operation_part"), 0);
  EXPECT_FALSE(journal_.under_way("d1"));
  const auto repeated = journal_.accept(report("d1", "other"), body);
  ASSERT_TRUE(repeated.answer && repeated.answer->error);
  EXPECT_EQ(repeated.answer->uuid, uuid(1));
  EXPECT_EQ(repeated.answer->error->code(), Errc::kBadRequest);
  EXPECT_STREQ(repeated.answer->error->what(), "no");
  EXPECT_EQ(count("cc_operation"), 0);
}

TEST_P(JournalSuite, AKeptAnswerGoesWithTheNextStartWithTheRecordAndAfterAnHour) {
  for (const int n : {1, 2, 3}) {
    const Operation each = report("d" + std::to_string(n));
    journal_.accept(each, "body");
    wait(n);
    store_.fire(uuid(n), Event::kProcess, token(1));
    store_.finish(uuid(n), Event::kFinish, {},
                  {token(1), journal_.end(each, KeptAnswer{.uuid = uuid(n), .error = {}})});
    EXPECT_TRUE(journal_.answer(each.digest));
  }
  start(1);
  store_.remove(uuid(2), token(1));
  EXPECT_FALSE(journal_.answer("d1"));
  EXPECT_FALSE(journal_.answer("d2"));
  EXPECT_TRUE(journal_.answer("d3"));
  EXPECT_EQ(journal_.drop_old_answers(), 0);
  execute("UPDATE cc_answer SET kept_at = kept_at - 3700000000");
  EXPECT_FALSE(journal_.answer("d3"));
  const Operation again = report("d3");
  EXPECT_FALSE(journal_.accept(again, "body").answer);
  write(operation(Kind::kStart, 3), journal_.end(again, KeptAnswer{.uuid = uuid(3), .error = {}}));
  EXPECT_TRUE(journal_.answer("d3"));
  execute("UPDATE cc_answer SET kept_at = kept_at - 3700000000");
  EXPECT_EQ(journal_.drop_old_answers(), 1);
}

TEST_P(JournalSuite, TheCollectedSetIsKeptBesideTheReport) {
  Operation each = report("d1");
  journal_.accept(each, "body");
  wait(1);
  each.node = uuid(1);
  each.step = Step::kProcessing;
  store_.fire(uuid(1), Event::kProcess, {token(1), journal_.move_on(each)});
  for (const std::string& set : {std::string("a 'small' \"set\""), std::string(100'000, 's')}) {
    write(each, journal_.keep_set(each, set));
    const Operation read = journal_.of_node(uuid(1), Kind::kProcess).value();
    EXPECT_TRUE(read.is_sending());
    EXPECT_EQ(journal_.set(read), set);
    EXPECT_EQ(journal_.body(read), "body");
  }
  EXPECT_FALSE(journal_.of_node(uuid(1), Kind::kStart));
}

TEST_P(JournalSuite, AStartRemovesWhatWasUnfinishedBefore) {
  Operation abort = operation(Kind::kAbort, 1);
  wait(1);
  store_.fire(uuid(1), Event::kAbort, {token(1), journal_.enter(abort)});
  store_.finish(uuid(1), Event::kAbortEnd, "Canceled by operator", token(1));
  const Operation start = started(1);
  EXPECT_EQ(claimable(), Ids{start.id});
  EXPECT_THROW(write(abort, journal_.end(abort)), StaleToken);
}

TEST_P(JournalSuite, TurnsAreSpacedWhoeverTakesThem) {
  const Journal::Pace pace{.delay = std::chrono::seconds(5)};
  std::vector<WallTime> due;
  for (const int n : {1, 2, 3}) {
    const Operation each = started(n, "owner" + std::to_string(n));
    Journal::Turn turn;
    write(each, journal_.take_turn(each, pace, turn));
    EXPECT_TRUE(turn.granted);
    due.push_back(turn.due);
    const auto queued = journal_.of_node(uuid(n), Kind::kStart);
    EXPECT_EQ(queued->step, Step::kQueued);
    EXPECT_EQ(queued->due, turn.due);
  }
  EXPECT_EQ(due[1] - due[0], std::chrono::seconds(5));
  EXPECT_EQ(due[2] - due[1], std::chrono::seconds(5));
}

TEST_P(JournalSuite, NoMoreNodesBootAtOnceThanTheLimit) {
  const Journal::Pace pace{.delay = {}, .most_booting = 2};
  const auto granted = [&](const Operation& each) {
    Journal::Turn turn;
    write(each, journal_.take_turn(each, pace, turn));
    return turn.granted;
  };
  const Operation one = started(1), two = started(2), three = started(3);
  EXPECT_TRUE(granted(one));
  EXPECT_TRUE(granted(two));
  EXPECT_TRUE(granted(two));  // it is one of those that boot already
  EXPECT_FALSE(granted(three));
  EXPECT_FALSE(journal_.of_node(uuid(3), Kind::kStart)->due);
  store_.fire(uuid(1), Event::kWait, {token(1), journal_.end(one)});
  EXPECT_FALSE(granted(three));
  store_.fire(uuid(1), Event::kProcess, token(1));  // it has reported
  EXPECT_TRUE(granted(three));
}

TEST_P(JournalSuite, WhatANewerProgramHasEnteredIsLeftToIt) {
  started(1);
  execute("UPDATE cc_operation SET step = 'something-new'");
  EXPECT_EQ(claimable(), Ids{});
  EXPECT_EQ(count("cc_operation"), 1);
}

TEST_P(JournalSuite, AnAttemptIsRecognisedUntilTheNextStart) {
  const std::string attempt = "11111111-2222-4333-8444-555555555555";
  store_.start(uuid(1), true, {}, {token(1), journal_.keep_attempt(attempt, uuid(1))});
  EXPECT_TRUE(journal_.answer(attempt));
  store_.fire(uuid(1), Event::kWait, token(1));
  started(1);
  EXPECT_FALSE(journal_.answer(attempt));
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(JournalSuite);

}  // namespace inspector
