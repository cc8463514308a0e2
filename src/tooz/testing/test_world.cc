#include "tooz/testing/test_world.h"

namespace tooz {

TestWorld::Client TestWorld::client(const std::string& name, const Setting& setting) {
  sim::SimProcess& process = env.process(name);
  auto net = std::make_unique<sim::FaultyBackend>(process, backend(), setting.faults);
  sim::FaultyBackend& reference = *net;
  auto core = std::make_shared<Core>(process, std::move(net), name, setting.lease, setting.flaws);
  return {process, reference, std::move(core)};
}

std::vector<std::string> TestWorld::keys(std::string_view prefix) {
  std::vector<std::string> names;
  for (auto& entry : backend()->list(prefix).entries)
    names.push_back(std::move(entry.key));
  return names;
}

bool TestWorld::eventually(Env::Duration most, const std::function<bool()>& condition) {
  const auto end = env.now() + most;
  while (!condition()) {
    if (env.now() >= end) return false;
    env.sleep_for(std::chrono::milliseconds(10), {});
  }
  return true;
}

}  // namespace tooz
