#include "tests/sim/contenders.h"

#include "tooz/error.h"
#include "tooz/recipes/wiring.h"

namespace sim {

using namespace std::chrono_literals;
using base::Env;

namespace {

constexpr Faults kFaults{.lost_request = 0.02,
                         .lost_reply = 0.02,
                         .late_request = 0.01,
                         .slow = 0.2,
                         .longest_delay = 40ms};

}  // namespace

void Troubles::add(const FaultyBackend::Counts& others) {
  calls.calls += others.calls;
  calls.lost_requests += others.lost_requests;
  calls.lost_replies += others.lost_replies;
  calls.late_requests += others.late_requests;
}

void Troubles::add(const Troubles& others) {
  unreachable += others.unreachable;
  partitions += others.partitions;
  freezes += others.freezes;
  kills += others.kills;
  add(others.calls);
}

Env::Duration Contenders::draw(Env::Duration most) {
  return Env::Duration(
      static_cast<Env::Duration::rep>(env.random() % static_cast<std::uint64_t>(most.count())));
}

void Contenders::run(Env::Duration length, const std::function<bool()>& goes_on,
                     const std::function<void()>& at_end) {
  env.run([&] {
    const auto end = env.now() + length;
    for (std::size_t i = 0; i < members_.size(); ++i)
      start(i);
    while (env.now() < end) {
      env.sleep_for(draw(30s), {});
      strike();
      if (!goes_on()) break;
    }
    wind_up();
    at_end();
    for (auto& member : members_)
      member.thread.reset();
  });
}

void Contenders::start(std::size_t number) {
  SimProcess& process = env.process(std::string(kNames[number]));
  members_[number].thread = process.spawn(
      "main", [&, number](const std::stop_token& stop) { live(number, process, stop); });
}

std::unique_ptr<FaultyBackend> Contenders::link(DriftEnv& env_of_member,
                                                const std::shared_ptr<tooz::MemoryStore>& to,
                                                Env::Duration timeout) {
  Faults faults = kFaults;
  faults.timeout = timeout;
  return std::make_unique<FaultyBackend>(
      env_of_member, tooz::make_memory_backend(env, to), faults,
      [&env_of_member](Env::TimePoint time) { return env_of_member.inner_time(time); });
}

void Contenders::live(std::size_t number, SimProcess& process, const std::stop_token& stop) {
  DriftEnv its_env(process, 0.98 + 0.01 * static_cast<double>(number));
  auto net = link(its_env, store, 2s);
  const auto its_storage = link(its_env, storage, 8s);
  FaultyBackend& calls = *net;
  members_[number].net = &calls;
  tooz::Processes nobody{{}, [](const auto&) { return std::nullopt; }};
  tooz::Coordinator coordinator(its_env, {std::move(net), std::move(nobody), flaws_},
                                {.member_id = process.name(), .lease = kLease});
  while (!stop.stop_requested()) {
    try {
      if (!closing_) turn_({number, process, its_env, coordinator, *its_storage});
    } catch (const tooz::Error&) {
      ++troubles_.unreachable;
    }
    process.sleep_for(draw(10s), stop);
  }
  members_[number].net = nullptr;
  troubles_.add(calls.counts());
}

void Contenders::strike() {
  const auto number = env.random() % 4 != 0 ? holder_ : env.random() % members_.size();
  FaultyBackend* net = members_[number].net;
  const auto until = env.now() + draw(40s);
  const auto kind = env.random() % 100;
  if (net && kind < 50) {
    net->partition_until(until);
    ++troubles_.partitions;
  } else if (kind < 75) {
    env.process(std::string(kNames[number])).freeze_until(until);
    ++troubles_.freezes;
  } else if (kind == 75 && troubles_.kills == 0) {
    kill(number);
  }
}

void Contenders::kill(std::size_t number) {
  env.process(std::string(kNames[number])).kill();
  members_[number].net = nullptr;
  members_[number].thread.reset();
  ++troubles_.kills;
  start(number);
}

// Everybody is back and nobody asks any more.
void Contenders::wind_up() {
  closing_ = true;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    env.process(std::string(kNames[i])).freeze_until(env.now());
    if (!members_[i].net) continue;
    members_[i].net->partition_until(env.now());
    members_[i].net->set_faults({});
  }
  env.sleep_for(3min, {});
}

}  // namespace sim
