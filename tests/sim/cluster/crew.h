#pragma once
#include <string>
#include <vector>

#include "tests/sim/cluster/conductor_process.h"

namespace sim {

/// The inspector's processes of a cluster: starts them, and does to them what happens to processes.
class Crew {
 public:
  /// Nobody is started yet.
  Crew(Cluster& cluster, unsigned conductors, unsigned apis);
  ~Crew() { end(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  std::size_t size() const noexcept { return hosts_.size(); }
  std::size_t conductors() const noexcept { return conductors_; }  ///< the first so many
  const std::string& name(std::size_t number) const { return hosts_[number].name; }
  bool up(std::size_t number) const { return hosts_[number].life && hosts_[number].life->up; }
  bool all_up() const;
  const Counts& counts() const noexcept { return counts_; }  ///< of those who have ended
  SimProcess* process(std::size_t number);                   ///< null: it is dead
  FaultyBackend* backend(std::size_t number);

  void start_all();
  void start(std::size_t number);  ///< if it is not alive
  /// SIGKILL. Returns, unless the caller belongs to that process.
  void kill(std::size_t number);
  void kill(const SimProcess& process);
  void terminate(std::size_t number);  ///< SIGTERM: waits for its end
  void end();                          ///< terminates all

 private:
  struct Host {
    std::string name;
    bool conductor = true;
    std::shared_ptr<Life> life{};
  };

  void add_up(const Life& life);

  Cluster& cluster_;
  const std::size_t conductors_;
  std::vector<Host> hosts_;
  std::vector<std::shared_ptr<Life>> graveyard_;
  Counts counts_;
};

}  // namespace sim
