#include "tooz/conformance/backend_suite.h"

namespace tooz::conformance {

void BackendConformance::run(const std::function<void()>& body) {
  world = GetParam().make();
  world->run([&] {
    backend = world->open();
    body();
    backend.reset();
  });
}

void BackendConformance::reopen() {
  backend.reset();
  world->restart();
  backend = world->open();
}

std::vector<std::string> BackendConformance::keys(std::string_view prefix) {
  std::vector<std::string> result;
  for (auto& entry : backend->list(prefix).entries)
    result.push_back(std::move(entry.key));
  return result;
}

bool BackendConformance::goes(const std::string& prefix, const std::string& key) {
  const auto deadline = env().now() + kLimit;
  for (;;) {
    const Revision at = backend->list(prefix).at;
    if (!backend->get(key)) return true;
    backend->wait_change(prefix, at, deadline, {});
    if (env().now() >= deadline) return false;  // nobody woke us, even if it is gone by now
  }
}

bool BackendConformance::returns_early(const std::string& prefix, Revision at) {
  const auto deadline = env().now() + kLimit;
  backend->wait_change(prefix, at, deadline, {});
  return env().now() < deadline;
}

void BackendConformance::expect_wakes(const std::string& prefix, const std::function<bool()>& act) {
  const Revision at = backend->list(prefix).at;
  const auto deadline = env().now() + 2 * kLimit;
  Background waiter(env(), [&] { backend->wait_change(prefix, at, deadline, {}); });
  EXPECT_TRUE(act()) << "nothing was done to be woken by";
  EXPECT_TRUE(waiter.ends_within(kLimit)) << "nobody woke it";
}

}  // namespace tooz::conformance
