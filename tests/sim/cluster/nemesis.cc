#include "tests/sim/cluster/nemesis.h"

#include <array>

#include "tests/sim/cluster/trace.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

/// What is worth being met at.
constexpr std::array<const char*, 9> kCalls{"database write",
                                            "database write",
                                            "PATCH http://ironic",
                                            "/states/power",
                                            "/states/power",
                                            "/boot_device",
                                            "GET http://ironic",
                                            "backend create /tooz/locks",
                                            "backend remove /tooz/locks"};

}  // namespace

Nemesis::Duration Nemesis::draw(Duration most) {
  return Duration(
      static_cast<Duration::rep>(env_.random() % static_cast<std::uint64_t>(most.count())));
}

void Nemesis::strike() {
  const std::size_t conductor = env_.random() % crew_.conductors();
  const auto kind = env_.random() % 100;
  if (kind < 40) {
    lay_ambush(conductor);
  } else if (kind < 48) {
    ++counts_["kills"];
    trace(env_, "nemesis", "kills");
    crew_.kill(env_.random() % crew_.size());
  } else if (kind < 58) {
    if (SimProcess* const process = crew_.process(conductor)) {
      ++counts_["freezes"];
      process->freeze_until(env_.after(draw(25s)));
    }
  } else if (kind < 75) {
    cut_off(env_.random() % crew_.size());
  } else if (kind < 90) {
    outage();
  } else {
    ++counts_["restarts"];
    crew_.terminate(env_.random() % crew_.size());
  }
  start_dead();
}

void Nemesis::lay_ambush(std::size_t number) {
  const auto* const call = kCalls.at(env_.random() % kCalls.size());
  const bool before = env_.random() % 2 == 0;
  const bool freeze = env_.random() % 3 == 0;
  ambush_ =
      Ambush{crew_.process(number), call, before ? Passage::When::kBefore : Passage::When::kAfter,
             freeze ? 11s + draw(10s) : Duration::zero(), env_.after(10s)};
}

void Nemesis::pass(const Passage& passage) {
  if (!ambush_ || ambush_->process != &passage.process || ambush_->when != passage.when ||
      passage.call.find(ambush_->call) == std::string::npos)
    return;
  const Ambush met = *ambush_;
  ambush_.reset();
  const auto now = env_.now();
  if (now >= met.until) return;
  if (met.freeze > Duration::zero()) {
    ++counts_["freezes"];
    trace(env_, passage.process.name(), "is stopped");
    passage.process.freeze_until(now + met.freeze);
    return;
  }
  ++counts_["kills at calls"];
  trace(env_, passage.process.name(), "dies");
  crew_.kill(passage.process);
}

void Nemesis::cut_off(std::size_t number) {
  ++counts_["partitions"];
  const auto until = env_.after(draw(20s));
  switch (env_.random() % 3) {
    case 0:
      if (FaultyBackend* const backend = crew_.backend(number)) backend->partition_until(until);
      break;
    case 1:
      stage_.network.cut_off(crew_.name(number), kIronicUrl, until);
      break;
    default:
      stage_.network.cut_off(crew_.name(number), "", until);
      break;
  }
}

void Nemesis::outage() {
  ++counts_["outages"];
  switch (env_.random() % 3) {
    case 0:
      stage_.site.away_until = env_.after(draw(6s));
      break;
    case 1: {
      const auto until = env_.after(draw(8s));
      for (std::size_t i = 0; i < crew_.size(); ++i)
        if (FaultyBackend* const backend = crew_.backend(i)) backend->partition_until(until);
      break;
    }
    default:
      stage_.ironic.set_trouble({.latency = draw(1s), .conflict = 0.2, .busy = 0.15, .drop = 0.1});
      env_.sleep_for(draw(10s), {});
      stage_.ironic.set_trouble({.latency = draw(50ms), .conflict = 0.02, .busy = 0.02});
      break;
  }
}

void Nemesis::start_dead() {
  for (std::size_t i = 0; i < crew_.size(); ++i)
    if (env_.random() % 2 == 0) crew_.start(i);
}

void Nemesis::heal() {
  ambush_.reset();
  const auto now = env_.now();
  stage_.site.away_until = now;
  stage_.site.lost_answer = 0;
  stage_.ironic.set_trouble({});
  stage_.network.set_faults({});
  for (std::size_t i = 0; i < crew_.size(); ++i) {
    crew_.start(i);
    if (SimProcess* const process = crew_.process(i)) process->freeze_until(now);
    if (FaultyBackend* const backend = crew_.backend(i)) {
      backend->partition_until(now);
      backend->set_faults({.timeout = 2s});
    }
    stage_.network.cut_off(crew_.name(i), "", now);
    stage_.network.cut_off(crew_.name(i), kIronicUrl, now);
  }
}

}  // namespace sim
