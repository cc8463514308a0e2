#include "tests/sim/cluster/crew.h"

#include <algorithm>

namespace sim {

Crew::Crew(Cluster& cluster, unsigned conductors, unsigned apis)
    : cluster_(cluster), conductors_(conductors) {
  for (unsigned i = 0; i < conductors; ++i)
    hosts_.push_back({"conductor-" + std::to_string(i), true});
  for (unsigned i = 0; i < apis; ++i)
    hosts_.push_back({"api-" + std::to_string(i), false});
}

void Crew::start_all() {
  for (std::size_t i = 0; i < hosts_.size(); ++i)
    start(i);
}

SimProcess* Crew::process(std::size_t number) {
  const auto& life = hosts_[number].life;
  return life ? life->process : nullptr;
}

FaultyBackend* Crew::backend(std::size_t number) {
  const auto& life = hosts_[number].life;
  return life ? life->backend : nullptr;
}

bool Crew::all_up() const {
  return std::ranges::all_of(hosts_, [](const Host& host) { return host.life && host.life->up; });
}

void Crew::start(std::size_t number) {
  Host& host = hosts_[number];
  if (host.life && !host.life->ended) return;
  const auto life = std::make_shared<Life>();
  host.life = life;
  life->process = &cluster_.env.process(host.name);
  life->thread = life->process->spawn(
      "main",
      [this, life, name = host.name, conductor = host.conductor](const std::stop_token& stop) {
        if (conductor)
          live_as_conductor(cluster_, *life, name, stop);
        else
          live_as_api(cluster_, *life, name, stop);
        life->ended = true;
      });
}

void Crew::kill(std::size_t number) {
  const auto life = std::exchange(hosts_[number].life, nullptr);
  if (!life) return;
  graveyard_.push_back(life);
  add_up(*life);
  life->up = false;
  cluster_.network.break_connections(*life->process);
  life->process->kill();
}

void Crew::kill(const SimProcess& process) {
  for (std::size_t i = 0; i < hosts_.size(); ++i)
    if (hosts_[i].life && hosts_[i].life->process == &process) kill(i);
}

void Crew::terminate(std::size_t number) {
  const auto life = hosts_[number].life;
  if (!life) return;
  std::exchange(life->thread, nullptr).reset();
  if (hosts_[number].life == life) add_up(*life);
  if (hosts_[number].life == life) hosts_[number].life = nullptr;  // it may have been killed
}

/// What a process that was killed had counted still stands in its memory.
void Crew::add_up(const Life& life) {
  const Counts counts = life.journal != nullptr ? counts_of(*life.journal) : life.counts;
  for (const auto& [name, count] : counts)
    counts_[name] += count;
}

void Crew::end() {
  for (std::size_t i = hosts_.size(); i-- > 0;)
    terminate(i);
}

}  // namespace sim
