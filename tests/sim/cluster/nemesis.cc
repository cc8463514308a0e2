#include "tests/sim/cluster/nemesis.h"

#include <array>

namespace sim {
namespace {

using namespace std::chrono_literals;

/// What is worth being met at.
constexpr std::array<const char*, 8> kCalls{"database write",
                                            "database write",
                                            "PATCH http://ironic",
                                            "PUT http://ironic",
                                            "POST http://ironic",
                                            "backend create /tooz/locks",
                                            "backend remove /tooz/locks",
                                            "GET http://ironic"};

}  // namespace

Nemesis::Duration Nemesis::draw(Duration most) {
  return Duration(
      static_cast<Duration::rep>(parts_.env.random() % static_cast<std::uint64_t>(most.count())));
}

void Nemesis::strike() {
  const std::size_t conductor = parts_.env.random() % crew_->conductors();
  const auto kind = parts_.env.random() % 100;
  if (kind < 40) {
    lay_ambush(conductor);
  } else if (kind < 48) {
    ++counts_.kills;
    crew_->kill(parts_.env.random() % crew_->size());
  } else if (kind < 58) {
    if (SimProcess* const process = crew_->process(conductor)) {
      ++counts_.freezes;
      process->freeze_until(parts_.env.after(draw(25s)));
    }
  } else if (kind < 75) {
    cut_off(parts_.env.random() % crew_->size());
  } else if (kind < 90) {
    outage();
  } else {
    ++counts_.restarts;
    crew_->terminate(parts_.env.random() % crew_->size());
  }
  start_dead();
}

void Nemesis::lay_ambush(std::size_t number) {
  const auto* const call = kCalls.at(parts_.env.random() % kCalls.size());
  const bool before = parts_.env.random() % 2 == 0;
  const bool freeze = parts_.env.random() % 3 == 0;
  ambush_ =
      Ambush{crew_->process(number), call, before ? Passage::When::kBefore : Passage::When::kAfter,
             freeze ? 11s + draw(10s) : Duration::zero(), parts_.env.after(10s)};
}

void Nemesis::pass(const Passage& passage) {
  if (!ambush_ || ambush_->process != &passage.process || ambush_->when != passage.when ||
      !passage.call.starts_with(ambush_->call))
    return;
  const Ambush met = *ambush_;
  ambush_.reset();
  const auto now = parts_.env.now();
  if (now >= met.until) return;
  if (met.freeze > Duration::zero()) {
    ++counts_.freezes;
    passage.process.freeze_until(now + met.freeze);
    return;
  }
  ++counts_.kills_at_calls;
  crew_->kill(passage.process);
}

void Nemesis::cut_off(std::size_t number) {
  ++counts_.partitions;
  const auto until = parts_.env.after(draw(20s));
  switch (parts_.env.random() % 3) {
    case 0:
      if (FaultyBackend* const backend = crew_->backend(number)) backend->partition_until(until);
      break;
    case 1:
      parts_.network.cut_off(crew_->name(number), kIronicUrl, until);
      break;
    default:
      parts_.network.cut_off(crew_->name(number), "", until);
      break;
  }
}

void Nemesis::outage() {
  ++counts_.outages;
  switch (parts_.env.random() % 3) {
    case 0:
      parts_.database.away_until = parts_.env.after(draw(6s));
      break;
    case 1: {
      const auto until = parts_.env.after(draw(8s));
      for (std::size_t i = 0; i < crew_->size(); ++i)
        if (FaultyBackend* const backend = crew_->backend(i)) backend->partition_until(until);
      break;
    }
    default:
      parts_.ironic.set_trouble({.latency = draw(1s), .conflict = 0.2, .busy = 0.15, .drop = 0.1});
      parts_.env.sleep_for(draw(10s), {});
      parts_.ironic.set_trouble({.latency = draw(50ms), .conflict = 0.02, .busy = 0.02});
      break;
  }
}

void Nemesis::start_dead() {
  for (std::size_t i = 0; i < crew_->size(); ++i)
    if (parts_.env.random() % 2 == 0) crew_->start(i);
}

void Nemesis::heal() {
  ambush_.reset();
  const auto now = parts_.env.now();
  parts_.database.away_until = now;
  parts_.database.lost_answer = 0;
  parts_.ironic.set_trouble({});
  parts_.network.set_faults({});
  for (std::size_t i = 0; i < crew_->size(); ++i) {
    crew_->start(i);
    if (SimProcess* const process = crew_->process(i)) process->freeze_until(now);
    if (FaultyBackend* const backend = crew_->backend(i)) {
      backend->partition_until(now);
      backend->set_faults({.timeout = 2s});
    }
    parts_.network.cut_off(crew_->name(i), "", now);
    parts_.network.cut_off(crew_->name(i), kIronicUrl, now);
  }
}

}  // namespace sim
