#include "inspector/conformance/node_store_suite.h"

#include "inspector/error.h"

#include <cstdio>

namespace inspector {

std::string NodeStoreSuite::uuid(int n) {
  char text[37];
  std::snprintf(text, sizeof text, "%08d-0000-4000-8000-000000000000", n);
  return text;
}

std::int64_t NodeStoreSuite::count(const std::string& table) {
  std::int64_t rows = 0;
  database_->run(sql::Access::kRead, [&](sql::Transaction& t) {
    rows = t.query("SELECT COUNT(*) FROM " + table).at(0).integer(0);
  });
  return rows;
}

void NodeStoreSuite::execute(std::string_view statement, std::vector<sql::Value> parameters) {
  database_->run(sql::Access::kWrite, [&](sql::Transaction& t) { t.exec(statement, parameters); });
}

namespace {

using Uuids = std::vector<std::string>;

template <class Call>
std::pair<Errc, std::string> refusal(Call call) {
  try {
    call();
  } catch (const Error& e) {
    return {e.code(), e.what()};
  }
  return {Errc::kInternal, "nothing was thrown"};
}

TEST_P(NodeStoreSuite, AStartedNodeIsReadAsItWasReturned) {
  const Node started = store_.start(uuid(1), false, {}, token(1));
  EXPECT_EQ(started.state, State::kStarting);
  EXPECT_EQ(started.started_at, last());
  EXPECT_FALSE(started.manage_boot);
  const auto read = store_.get(uuid(1));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->uuid, uuid(1));
  EXPECT_EQ(read->state, State::kStarting);
  EXPECT_EQ(read->started_at, last());
  EXPECT_EQ(read->finished_at, std::nullopt);
  EXPECT_EQ(read->error, std::nullopt);
  EXPECT_FALSE(read->manage_boot);
  EXPECT_EQ(store_.get(uuid(2)), std::nullopt);
  EXPECT_EQ(store_.get(std::string("a\0b", 3)), std::nullopt);
}

TEST_P(NodeStoreSuite, AnEnrolledNodeIsFoundByItsAttributesUntilItIsFinished) {
  start(1, {"192.0.2.1"});
  for (int again = 0; again < 2; ++again) {
    store_.enroll(uuid(1), {{"mac", {"m1"}}, {"bmc_address", {"192.0.2.9"}}}, token(1));
    EXPECT_EQ(store_.get(uuid(1))->state, State::kEnrolling);
    EXPECT_TRUE(store_.get(uuid(1))->manage_boot);
    EXPECT_TRUE(store_.auto_discovered(uuid(1)));
    EXPECT_EQ(store_.lookup({{"mac", {"m1"}}}), Uuids{uuid(1)});
    EXPECT_EQ(store_.lookup({{"bmc_address", {"192.0.2.1"}}}), Uuids{});
  }
  EXPECT_FALSE(store_.auto_discovered(uuid(2)));
  EXPECT_EQ(store_.fire(uuid(1), Event::kProcess, token(1)).state, State::kProcessing);
  store_.finish(uuid(1), Event::kFinish, std::nullopt, token(1));
  EXPECT_FALSE(store_.auto_discovered(uuid(1)));
}

TEST_P(NodeStoreSuite, StartingAgainForgetsTheFormerIntrospection) {
  const auto data = database_data_store(*database_, store_);
  wait(1, {"192.0.2.1"});
  store_.add_attributes(uuid(1), {{"mac", {"52:54:00:00:00:01"}}}, token(1));
  execute("INSERT INTO options (uuid, name, value) VALUES (:p1, 'a', '1')", {uuid(1)});
  data->save(uuid(1), true, "{}", token(1));
  data->save(uuid(1), false, "{}", token(1));
  store_.finish(uuid(1), Event::kError, "went wrong", token(1));
  const Node again = start(1, {"192.0.2.2", "2001:db8::2"});
  EXPECT_EQ(again.state, State::kStarting);
  EXPECT_EQ(store_.get(uuid(1))->error, std::nullopt);
  EXPECT_EQ(store_.get(uuid(1))->finished_at, std::nullopt);
  EXPECT_EQ(count("introspection_data"), 0);
  EXPECT_EQ(count("options"), 0);
  EXPECT_EQ(count("attributes"), 2);
  EXPECT_EQ(store_.lookup({{"bmc_address", {"192.0.2.2"}}}), Uuids{uuid(1)});
  EXPECT_EQ(store_.lookup({{"bmc_address", {"192.0.2.1"}}}), Uuids{});
}

TEST_P(NodeStoreSuite, EventsThatAreNotDefinedAreRefusedInUpstreamsWords) {
  start(1);
  EXPECT_EQ(refusal([&] { start(1); }),
            std::pair(Errc::kBadRequest,
                      std::string("Can not transition from state 'starting' on event 'start' (no "
                                  "defined transition)")));
  EXPECT_EQ(refusal([&] { store_.fire(uuid(1), Event::kAbortEnd, token(1)); }).second,
            "Can not transition from state 'starting' on event 'abort_end' (no defined "
            "transition)");
  EXPECT_EQ(refusal([&] { store_.finish(uuid(1), Event::kFinish, {}, token(1)); }).first,
            Errc::kBadRequest);
  EXPECT_EQ(refusal([&] { store_.restart(uuid(1), Event::kReapply, token(1)); }).first,
            Errc::kBadRequest);
  EXPECT_EQ(store_.get(uuid(1))->state, State::kStarting);
  EXPECT_EQ(store_.get(uuid(1))->finished_at, std::nullopt);
}

TEST_P(NodeStoreSuite, NodesThatAreNotThereAreNotFound) {
  const auto expected = std::pair(Errc::kNotFound, "Could not find node " + uuid(1) + " in cache");
  EXPECT_EQ(refusal([&] { store_.fire(uuid(1), Event::kWait, token(1)); }), expected);
  EXPECT_EQ(refusal([&] { store_.restart(uuid(1), Event::kReapply, token(1)); }), expected);
  EXPECT_EQ(refusal([&] { store_.finish(uuid(1), Event::kFinish, {}, token(1)); }), expected);
  EXPECT_EQ(refusal([&] { store_.add_attributes(uuid(1), {{"mac", {"a"}}}, token(1)); }), expected);
  EXPECT_FALSE(store_.remove(uuid(1), token(1)));
}

TEST_P(NodeStoreSuite, FinishEndsEverythingInOneTransaction) {
  wait(1, {"192.0.2.1"});
  execute("INSERT INTO options (uuid, name, value) VALUES (:p1, 'a', '1')", {uuid(1)});
  store_.fire(uuid(1), Event::kProcess, token(1));
  EXPECT_TRUE(store_.any_unfinished());
  const Node finished = store_.finish(uuid(1), Event::kFinish, std::nullopt, token(1));
  EXPECT_EQ(finished.state, State::kFinished);
  EXPECT_EQ(finished.finished_at, last());
  EXPECT_EQ(store_.get(uuid(1))->finished_at, last());
  EXPECT_EQ(count("attributes"), 0);
  EXPECT_EQ(count("options"), 0);
  EXPECT_FALSE(store_.any_unfinished());
}

TEST_P(NodeStoreSuite, FinishThatIsRefusedChangesNothing) {
  wait(1, {"192.0.2.1"});
  EXPECT_THROW(store_.finish(uuid(1), Event::kFinish, "no", token(1)), Error);
  EXPECT_EQ(store_.get(uuid(1))->state, State::kWaiting);
  EXPECT_EQ(store_.get(uuid(1))->error, std::nullopt);
  EXPECT_EQ(count("attributes"), 1);
}

TEST_P(NodeStoreSuite, ErrorTextsMayHoldAnything) {
  wait(1);
  const std::string text("bad \0 value 'ü' in the report", 30);
  store_.finish(uuid(1), Event::kError, text, token(1));
  EXPECT_EQ(store_.get(uuid(1))->error, "bad   value 'ü' in the report");
}

TEST_P(NodeStoreSuite, RestartMovesTheBeginning) {
  wait(1);
  store_.fire(uuid(1), Event::kProcess, token(1));
  const Node finished = store_.finish(uuid(1), Event::kFinish, std::nullopt, token(1));
  const Node again = store_.restart(uuid(1), Event::kReapply, token(1));
  EXPECT_EQ(again.state, State::kReapplying);
  EXPECT_GT(again.started_at, finished.finished_at);
  EXPECT_EQ(store_.get(uuid(1))->started_at, again.started_at);
}

TEST_P(NodeStoreSuite, RemoveTakesEverythingButTheFence) {
  wait(1, {"192.0.2.1"});
  database_data_store(*database_, store_)->save(uuid(1), true, "{}", token(1));
  EXPECT_TRUE(store_.remove(uuid(1), token(5)));
  EXPECT_FALSE(store_.remove(uuid(1), token(5)));
  for (const char* table : {"nodes", "attributes", "options", "introspection_data"})
    EXPECT_EQ(count(table), 0) << table;
  EXPECT_THROW(start(1, {}, 4), StaleToken);
  EXPECT_EQ(store_.get(uuid(1)), std::nullopt);
  start(1, {}, 5);
}

TEST_P(NodeStoreSuite, OlderTokensAreRefusedByEveryWrite) {
  const auto data = database_data_store(*database_, store_);
  start(1, {}, 7);
  const tooz::Token old = token(6);
  EXPECT_THROW(store_.start(uuid(1), true, {}, old), StaleToken);
  EXPECT_THROW(store_.add_attributes(uuid(1), {{"mac", {"a"}}}, old), StaleToken);
  EXPECT_THROW(store_.fire(uuid(1), Event::kWait, old), StaleToken);
  EXPECT_THROW(store_.restart(uuid(1), Event::kReapply, old), StaleToken);
  EXPECT_THROW(store_.finish(uuid(1), Event::kError, "no", old), StaleToken);
  EXPECT_THROW(store_.remove(uuid(1), old), StaleToken);
  EXPECT_THROW(store_.write(uuid(1), old, [](sql::Transaction&) { FAIL(); }), StaleToken);
  EXPECT_THROW(data->save(uuid(1), true, "{}", old), StaleToken);
  EXPECT_EQ(store_.stale_writes(), 8U);
  EXPECT_EQ(store_.get(uuid(1))->state, State::kStarting);
  EXPECT_EQ(count("attributes"), 0);
  EXPECT_EQ(count("introspection_data"), 0);
  store_.fire(uuid(1), Event::kWait, token(7));
  store_.fire(uuid(1), Event::kProcess, token(8));
  EXPECT_EQ(store_.stale_writes(), 8U);
}

TEST_P(NodeStoreSuite, ARefusedStateStillRaisesNoFence) {
  start(1, {}, 1);
  EXPECT_THROW(start(1, {}, 9), Error);
  EXPECT_NO_THROW(store_.fire(uuid(1), Event::kWait, token(2)));
}

TEST_P(NodeStoreSuite, AnOriginThatNobodyKnowsIsNewerThanAll) {
  start(1, {}, 1000);
  store_.fire(uuid(1), Event::kWait, token(1, "two"));
  EXPECT_THROW(store_.fire(uuid(1), Event::kProcess, token(2000)), StaleToken);
  store_.fire(uuid(1), Event::kProcess, token(1, "three"));
  try {
    store_.fire(uuid(1), Event::kError, token(5, "two"));
    FAIL() << "an older origin was let through";
  } catch (const StaleToken& e) {
    EXPECT_NE(std::string(e.what()).find("origin two"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("newer origin three"), std::string::npos) << e.what();
  }
}

TEST_P(NodeStoreSuite, EveryNodeHasAFenceOfItsOwn) {
  start(1, {}, 9);
  EXPECT_NO_THROW(start(2, {}, 1));
}

TEST_P(NodeStoreSuite, ARowThatUpstreamWroteIsFencedFromOurFirstWriteOn) {
  execute("INSERT INTO nodes (uuid, state) VALUES (:p1, 'waiting')", {uuid(1)});
  store_.fire(uuid(1), Event::kProcess, token(7));
  EXPECT_THROW(store_.fire(uuid(1), Event::kFinish, token(6)), StaleToken);
  EXPECT_EQ(store_.get(uuid(1))->state, State::kProcessing);
  execute("UPDATE nodes SET state = 'waiting'");  // upstream again, which knows of no fence
  EXPECT_THROW(store_.fire(uuid(1), Event::kProcess, token(6)), StaleToken);
}

TEST_P(NodeStoreSuite, ANullManageBootIsTrue) {
  execute("INSERT INTO nodes (uuid) VALUES (:p1)", {uuid(1)});
  EXPECT_TRUE(store_.get(uuid(1))->manage_boot);
  EXPECT_EQ(store_.get(uuid(1))->state, State::kFinished);
}

TEST_P(NodeStoreSuite, StoredDataIsServedAsItWasGiven) {
  const auto data = database_data_store(*database_, store_);
  EXPECT_TRUE(data->enabled());
  wait(1);
  const std::string json = R"({"b": 1, "a": "ü\u0000"})";
  data->save(uuid(1), true, json, token(1));
  data->save(uuid(1), false, "{}", token(1));
  data->save(uuid(1), false, R"({"second":1})", token(1));
  EXPECT_EQ(data->get(uuid(1), true), json);
  EXPECT_EQ(data->get(uuid(1), false), R"({"second":1})");
  EXPECT_EQ(refusal([&] { data->get(uuid(2), true); }),
            std::pair(Errc::kNotFound,
                      "Introspection data not found for node " + uuid(2) + ", processed=True"));
  EXPECT_EQ(refusal([&] { data->get(uuid(2), false); }).second,
            "Introspection data not found for node " + uuid(2) + ", processed=False");
  EXPECT_EQ(refusal([&] { data->save(uuid(2), false, "{}", token(1)); }).first, Errc::kNotFound);
}

TEST_P(NodeStoreSuite, ManyWritersOfManyNodesAllGetThrough) {
  std::vector<std::unique_ptr<base::Env::Thread>> workers;
  std::atomic<int> done = 0;
  for (int w = 0; w < 6; ++w)
    workers.push_back(base::system_env().spawn("writer", [&, w](const std::stop_token&) {
      for (int n = 0; n < 5; ++n) {
        store_.start(uuid(w * 10 + n), true, {}, token(1, "origin-" + std::to_string(w)));
        store_.fire(uuid(w * 10 + n), Event::kWait, token(1, "origin-" + std::to_string(w)));
      }
      ++done;
    }));
  workers.clear();
  EXPECT_EQ(done, 6);
  EXPECT_EQ(count("nodes"), 30);
  EXPECT_EQ(count("cc_fence_origin"), 6);
}

}  // namespace

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(NodeStoreSuite);

}  // namespace inspector
