#pragma once
#include <optional>

#include "tests/sim/cluster/crew.h"
#include "tests/sim/cluster/ironic_site.h"

namespace sim {

/// Does harm to a cluster, by chance, and remembers when: what a seed's faults are.
class Nemesis {
 public:
  using TimePoint = base::Env::TimePoint;
  using Duration = base::Env::Duration;

  struct Parts {
    SimEnv& env;
    Network& network;
    DatabaseSite& database;
    IronicSite& ironic;
  };
  explicit Nemesis(const Parts& parts) : parts_(parts) {}

  /// To be told before the first process starts to live.
  void set_crew(Crew& crew) { crew_ = &crew; }

  /// One misfortune, and whoever has been dead for a while is started again.
  void strike();
  /// Ends all that goes on, and starts everybody.
  void heal();

  /// The door of all processes: whoever is to die or to be stopped at a call meets it here.
  void pass(const Passage& passage);

  struct Counts {
    std::uint64_t kills = 0;
    std::uint64_t kills_at_calls = 0;
    std::uint64_t freezes = 0;
    std::uint64_t partitions = 0;
    std::uint64_t outages = 0;  ///< of database, backend or Ironic
    std::uint64_t restarts = 0;
  };
  const Counts& counts() const noexcept { return counts_; }

 private:
  /// Somebody to be met at a call.
  struct Ambush {
    const SimProcess* process = nullptr;
    const char* call = "";  ///< its beginning
    Passage::When when = Passage::When::kBefore;
    Duration freeze{};  ///< zero: it dies
    TimePoint until;
  };

  void lay_ambush(std::size_t number);
  void cut_off(std::size_t number);
  void outage();
  void start_dead();
  Duration draw(Duration most);

  const Parts parts_;
  Crew* crew_ = nullptr;
  std::optional<Ambush> ambush_;
  Counts counts_;
};

}  // namespace sim
