#include "tooz/testing/test_world.h"

namespace tooz {

TestWorld::Client TestWorld::client(const std::string& name, const Setting& setting) {
  sim::SimProcess& process = env.process(name);
  auto net = std::make_unique<sim::FaultyBackend>(process, backend(), setting.faults);
  sim::FaultyBackend& reference = *net;
  auto core = std::make_shared<Core>(process, std::move(net),
                                     Core::Setting{.member_id = name,
                                                   .lease = setting.lease,
                                                   .lock_delay = setting.lock_delay,
                                                   .flaws = setting.flaws});
  return {process, reference, std::move(core)};
}

TestWorld::Node TestWorld::node(const Place& place, std::function<void(const Lost&)> on_rejoined) {
  sim::SimProcess& process = env.process(place.process);
  auto net = std::make_unique<sim::FaultyBackend>(process, backend());
  sim::FaultyBackend& reference = *net;
  const auto pid = static_cast<std::int64_t>(processes_.size());
  processes_.push_back(&process);
  Processes processes;
  processes.self = {place.host, "boot of " + place.host, "first", pid, 7};
  processes.runs = [this, host = place.host](const ProcessIdentity& other) -> std::optional<bool> {
    if (other.host != host) return std::nullopt;
    return processes_.at(static_cast<std::size_t>(other.pid))->alive();
  };
  auto coordinator = std::make_unique<Coordinator>(
      process, Wiring{std::move(net), std::move(processes)},
      Options{.member_id = place.member, .on_rejoined = std::move(on_rejoined)});
  return {process, reference, std::move(coordinator)};
}

std::vector<std::string> TestWorld::ids(const std::vector<Member>& members) {
  std::vector<std::string> names;
  for (const Member& member : members)
    names.push_back(member.id);
  return names;
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
