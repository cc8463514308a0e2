#include "tooz/conformance/backend_suite.h"

#include <algorithm>
#include <iterator>

namespace tooz::conformance {
namespace {

using namespace std::chrono_literals;

/// What happened to the keys, as text: what a key's name ends with, and `+` or `-` with a value.
std::string text(const Changes& changes) {
  std::string all;
  for (const Change& change : changes.list) {
    all += all.empty() ? "" : " ";
    all += change.removed ? "-" : "+";
    all += change.entry.key.substr(change.entry.key.rfind('/') + 1);
    if (!change.removed && change.value_known) all += "=" + change.entry.value;
  }
  return all;
}

// ZooKeeper keeps no record of the past: its driver compares what it sees, and knows when that is
// not all there was.
bool keeps_a_record(std::string_view scheme) { return scheme != "zookeeper"; }

/// All that is told after `at`, up to the change that makes or removes `last`; nullopt: it cannot
/// be.
std::optional<Changes> told_until(Backend& backend, Revision at, std::string_view last,
                                  Env::TimePoint deadline) {
  Changes told{{}, at};
  while (told.list.empty() || told.list.back().entry.key != last) {
    auto next = backend.next_changes("p/", told.at, deadline, {});
    if (!next || next->list.empty()) return std::nullopt;
    told.at = next->at;
    std::ranges::move(next->list, std::back_inserter(told.list));
  }
  return told;
}

// Where the driver can tell: all of it, once, in order. Where it cannot, it says so.
TEST_P(BackendConformance, ChangesAreToldInOrderOrNotAtAll) {
  run([&] {
    const Revision at = backend->list("p/").at;
    const auto a = backend->create("p/a", "1", SessionId::kNone);
    ASSERT_TRUE(a);
    backend->create("q/x", "other", SessionId::kNone);
    const auto b = backend->create("p/b", "2", SessionId::kNone);
    const auto a2 = backend->replace("p/a", "3", *a);
    ASSERT_TRUE(b && a2);
    EXPECT_TRUE(backend->remove("p/b", *b));
    Changes told{{}, at};
    const auto deadline = env().now() + 10s;
    while (told.list.size() < 4 && env().now() < deadline) {
      auto next = backend->next_changes("p/", told.at, deadline, {});
      if (!next) {
        EXPECT_FALSE(keeps_a_record(GetParam().scheme));
        return;
      }
      told.at = next->at;
      for (Change& change : next->list)
        told.list.push_back(std::move(change));
    }
    ASSERT_EQ(told.list.size(), 4U) << text(told);
    EXPECT_EQ(told.list[0].entry.created, *a);
    EXPECT_EQ(told.list[2].entry.revision, *a2);
    EXPECT_EQ(told.list[2].entry.created, *a);
    EXPECT_EQ(told.list[2].entry.value, "3");
    EXPECT_EQ(told.list[3].entry.key, "p/b");
    EXPECT_TRUE(told.list[3].removed);
    for (std::size_t i = 1; i < told.list.size(); ++i)
      EXPECT_LT(told.list[i - 1].entry.revision, told.list[i].entry.revision);
  });
}

TEST_P(BackendConformance, AKeyMadeAgainBetweenTwoLooksIsToldAsRemovedAndMade) {
  run([&] {
    const auto a = backend->create("p/a", "1", SessionId::kNone);
    backend->create("p/b", "2", SessionId::kNone);
    const Revision at = backend->list("p/").at;
    ASSERT_TRUE(backend->remove("p/a", a.value()));
    const auto again = backend->create("p/a", "3", SessionId::kNone);
    auto told = backend->next_changes("p/", at, env().now() + kLimit, {});
    ASSERT_TRUE(told);
    if (told->list.size() == 1) {
      const auto more = backend->next_changes("p/", told->at, env().now() + kLimit, {});
      ASSERT_TRUE(more);
      told->list.push_back(more->list.at(0));
      told->at = more->at;
    }
    EXPECT_EQ(text(*told), "-a +a=3");
    EXPECT_EQ(told->list.back().entry.created, again);
    EXPECT_EQ(told->at, again);
  });
}

TEST_P(BackendConformance, AVisitBetweenTwoLooksIsToldOrSaidToBeMissing) {
  run([&] {
    backend->create("p/a", "1", SessionId::kNone);
    const Revision at = backend->list("p/").at;
    const auto visit = backend->create("p/b", "2", SessionId::kNone);
    ASSERT_TRUE(backend->remove("p/b", visit.value()));
    backend->create("p/c", "3", SessionId::kNone);
    const auto told = told_until(*backend, at, "p/c", env().now() + kLimit);
    ASSERT_EQ(told.has_value(), keeps_a_record(GetParam().scheme));
    if (!told) return;
    ASSERT_EQ(told->list.size(), 3U) << text(*told);
    EXPECT_EQ(told->list[0].entry.created, visit);
    EXPECT_EQ(told->list[1].entry.key, "p/b");
    EXPECT_TRUE(told->list[1].removed);
  });
}

TEST_P(BackendConformance, WhatEndsWithItsSessionIsTold) {
  run([&] {
    const auto session = backend->open_session(60s).id;
    ASSERT_TRUE(backend->create("p/a", "1", session));
    backend->create("p/b", "2", SessionId::kNone);
    const Revision at = backend->list("p/").at;
    backend->close_session(session);
    const auto told = backend->next_changes("p/", at, env().now() + kLimit, {});
    ASSERT_TRUE(told);
    EXPECT_EQ(text(*told), "-a");
    EXPECT_EQ(told->list.front().entry.key, "p/a");
  });
}

// More than any driver keeps a record of. Who is told of a first change is about to wait for the
// next; should he be too late for it all the same, it is tried again, and he gets longer to begin.
TEST_P(BackendConformance, WhoWaitsIsToldHoweverMuchHappensElsewhere) {
  TOOZ_NEEDS(notifies);
  run([&] {
    const int changes = keeps_a_record(GetParam().scheme) ? 300 : 10;
    std::optional<Changes> told;
    for (int attempt = 0; attempt < 20 && !told; ++attempt) {
      const auto begins = env().make_event();
      const std::string key = "p/" + std::to_string(attempt);
      const Revision at = backend->list("p/").at;
      const auto follows = env().make_event();
      Background follower(env(), [&] {
        const auto deadline = env().now() + 20 * kLimit;
        const auto first = backend->next_changes("p/", at, deadline, {});
        follows->set();
        if (first) told = backend->next_changes("p/", first->at, deadline, {});
      });
      backend->create(key + "-first", "0", SessionId::kNone);
      ASSERT_TRUE(follows->wait_until(env().now() + kLimit, {}));
      begins->wait_until(env().now() + attempt * 10ms, {});
      auto other = backend->create("q/" + key, "0", SessionId::kNone);
      for (int i = 0; i < changes; ++i)
        other = backend->replace("q/" + key, "1", other.value());
      backend->create(key, "2", SessionId::kNone);
      ASSERT_TRUE(follower.ends_within(kLimit));
    }
    ASSERT_TRUE(told);
    EXPECT_EQ(told->list.size(), 1U) << text(*told);
  });
}

TEST_P(BackendConformance, NothingIsToldWhenNothingHappens) {
  run([&] {
    backend->create("p/a", "1", SessionId::kNone);
    const Revision at = backend->list("p/").at;
    const auto told = backend->next_changes("p/", at, env().now() + 100ms, {});
    EXPECT_EQ(told ? text(*told) : "", "");
  });
}

}  // namespace
}  // namespace tooz::conformance
