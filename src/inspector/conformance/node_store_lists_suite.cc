// Which nodes the store finds: by attributes, by states, by age.
#include "inspector/conformance/node_store_suite.h"

namespace inspector {
namespace {

using Uuids = std::vector<std::string>;

const WallTime kFar = WallTime::max() - std::chrono::hours(24 * 366 * 80);

Uuids uuids_of(const std::vector<Node>& nodes) {
  Uuids uuids;
  for (const Node& node : nodes)
    uuids.push_back(node.uuid);
  return uuids;
}

TEST_P(NodeStoreSuite, AttributesAreAddedOnce) {
  wait(1, {"192.0.2.1"});
  const Attributes attributes = {{"mac", {"a", "b", "a"}}, {"bmc_address", {"192.0.2.1"}}};
  store_.add_attributes(uuid(1), attributes, token(1));
  store_.add_attributes(uuid(1), attributes, token(1));
  EXPECT_EQ(count("attributes"), 3);
  wait(2);
  store_.add_attributes(uuid(2), {{"mac", {"b", "c"}}}, token(1));
  EXPECT_EQ(store_.active_macs(), (std::set<std::string>{"a", "b", "c"}));
}

TEST_P(NodeStoreSuite, LookupFindsWhoSharesMost) {
  wait(1, {"192.0.2.1"});
  store_.add_attributes(uuid(1), {{"mac", {"a", "b"}}}, token(1));
  wait(2, {"192.0.2.2"});
  store_.add_attributes(uuid(2), {{"mac", {"b", "c"}}}, token(1));
  using A = Attributes;
  EXPECT_EQ(store_.lookup(A{{"mac", {"a"}}}), Uuids{uuid(1)});
  EXPECT_EQ(store_.lookup(A{{"mac", {"b", "c"}}}), Uuids{uuid(2)});
  EXPECT_EQ(store_.lookup(A{{"mac", {"b"}}}), (Uuids{uuid(1), uuid(2)}));
  EXPECT_EQ(store_.lookup(A{{"mac", {"b", "b"}}, {"bmc_address", {"192.0.2.1"}}}), Uuids{uuid(1)});
  EXPECT_EQ(store_.lookup(A{{"mac", {"c"}}, {"bmc_address", {"192.0.2.1"}}}),
            (Uuids{uuid(1), uuid(2)}));
  EXPECT_EQ(store_.lookup(A{{"bmc_address", {"a"}}, {"mac", {"A"}}}), Uuids{});
  EXPECT_EQ(store_.lookup(A{{"mac", {}}}), Uuids{});
  EXPECT_EQ(store_.lookup(A{}), Uuids{});
  EXPECT_EQ(store_.lookup(A{{"mac", {std::string("a\0", 2)}}}), Uuids{});
}

TEST_P(NodeStoreSuite, LookupTakesAnyNumberOfValues) {
  wait(1);
  store_.add_attributes(uuid(1), {{"mac", {"mac-3", "mac-69999"}}}, token(1));
  wait(2);
  store_.add_attributes(uuid(2), {{"mac", {"mac-3"}}}, token(1));
  Attributes seen;
  for (int i = 0; i < 70000; ++i)
    seen["mac"].push_back("mac-" + std::to_string(i));
  EXPECT_EQ(store_.lookup(seen), Uuids{uuid(1)});
}

TEST_P(NodeStoreSuite, ListShowsTheNewestFirstPageByPage) {
  for (const int n : {3, 1, 2})
    wait(n);
  execute(
      "UPDATE nodes SET started_at = (SELECT started_at FROM nodes WHERE uuid = :p1) "
      "WHERE uuid = :p2",
      {uuid(1), uuid(2)});
  execute("INSERT INTO nodes (uuid) VALUES (:p1)", {uuid(8)});
  execute("INSERT INTO nodes (uuid) VALUES (:p1)", {uuid(9)});
  const Uuids all = {uuid(2), uuid(1), uuid(3), uuid(9), uuid(8)};
  EXPECT_EQ(uuids_of(*store_.list({})), all);
  Uuids paged;
  NodeStore::Page page;
  page.limit = 1;
  for (auto nodes = *store_.list(page); !nodes.empty(); nodes = *store_.list(page)) {
    ASSERT_EQ(nodes.size(), 1U);
    paged.push_back(nodes[0].uuid);
    page.marker = nodes[0].uuid;
  }
  EXPECT_EQ(paged, all);
  EXPECT_EQ(store_.list({.marker = uuid(77)}), std::nullopt);
  EXPECT_EQ(store_.list({.marker = std::string("\0", 1)}), std::nullopt);
}

TEST_P(NodeStoreSuite, ListTakesStates) {
  for (const int n : {1, 2, 3})
    wait(n);
  store_.fire(uuid(2), Event::kProcess, token(1));
  store_.finish(uuid(3), Event::kError, "e", token(1));
  EXPECT_EQ(uuids_of(*store_.list({.states = {State::kProcessing, State::kWaiting}})),
            (Uuids{uuid(2), uuid(1)}));
  EXPECT_EQ(
      uuids_of(*store_.list({.states = {State::kProcessing, State::kWaiting}, .marker = uuid(2)})),
      Uuids{uuid(1)});
  EXPECT_EQ(uuids_of(*store_.list({.states = {State::kAborting}})), Uuids{});
}

TEST_P(NodeStoreSuite, UuidsComeInOrderAfterTheOneGiven) {
  for (const int n : {3, 1, 2})
    wait(n);
  EXPECT_EQ(store_.all_uuids("", 10), (Uuids{uuid(1), uuid(2), uuid(3)}));
  EXPECT_EQ(store_.all_uuids(uuid(1), 1), Uuids{uuid(2)});
  EXPECT_EQ(store_.all_uuids(uuid(3), 1), Uuids{});
}

TEST_P(NodeStoreSuite, OverdueNodesAreThoseUnfinishedOldestFirst) {
  for (const int n : {3, 1, 2})
    wait(n);
  store_.finish(uuid(1), Event::kError, "e", token(1));
  const auto second = *store_.get(uuid(2))->started_at;
  EXPECT_EQ(uuids_of(store_.overdue(second, nullptr, 10)), Uuids{uuid(3)});
  EXPECT_EQ(uuids_of(store_.overdue(second + std::chrono::microseconds(1), nullptr, 10)),
            (Uuids{uuid(3), uuid(2)}));
  EXPECT_EQ(uuids_of(store_.overdue(kFar, nullptr, 1)), Uuids{uuid(3)});
  const Node third = *store_.get(uuid(3));
  EXPECT_EQ(uuids_of(store_.overdue(kFar, &third, 10)), Uuids{uuid(2)});
}

TEST_P(NodeStoreSuite, WaitingForATurnDoesNotCountAgainstTheTimeout) {
  for (const int n : {1, 2, 3})
    wait(n);
  const WallTime limit = *store_.get(uuid(3))->started_at + std::chrono::hours(1);
  const auto micros = [](WallTime time) {
    return std::int64_t{
        std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count()};
  };
  execute("INSERT INTO cc_boot (node_uuid, since) VALUES (:p1, :p2)", {uuid(1), micros(limit)});
  execute("INSERT INTO cc_boot (node_uuid, since) VALUES (:p1, :p2)", {uuid(2), micros(limit) - 1});
  execute(
      "INSERT INTO cc_operation (id, kind, node_uuid, arguments, step, version, owner, "
      "incarnation, fence, tries, history, created_at, updated_at) VALUES ('o', 'start', :p1, "
      "'{}', 'queued', 1, '', '', 0, 0, '', 0, 0)",
      {uuid(3)});
  EXPECT_EQ(uuids_of(store_.overdue(limit, nullptr, 10)), Uuids{uuid(2)});
}

TEST_P(NodeStoreSuite, AbandonedNodesAreActiveAndNoOperationIsAboutThem) {
  for (const int n : {1, 2, 3, 4})
    wait(n);
  store_.fire(uuid(2), Event::kProcess, token(1));
  store_.fire(uuid(4), Event::kAbort, token(1));
  EXPECT_EQ(uuids_of(store_.abandoned("", 10)), (Uuids{uuid(2), uuid(4)}));
  EXPECT_EQ(uuids_of(store_.abandoned(uuid(2), 10)), Uuids{uuid(4)});
  EXPECT_EQ(uuids_of(store_.abandoned("", 1)), Uuids{uuid(2)});
  execute(
      "INSERT INTO cc_operation (id, kind, node_uuid, arguments, step, version, owner, "
      "incarnation, fence, tries, history, created_at, updated_at) VALUES ('o', 'abort', :p1, "
      "'{}', 'accepted', 1, '', '', 0, 0, '', 0, 0)",
      {uuid(4)});
  EXPECT_EQ(uuids_of(store_.abandoned("", 10)), Uuids{uuid(2)});
}

}  // namespace
}  // namespace inspector
