#include "tooz/conformance/backend_suite.h"

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
      if (!next) return;
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
