#pragma once
#include <optional>

#include "tests/sim/cluster/counts.h"
#include "tests/sim/cluster/stage.h"

namespace sim {

/// Does harm to a cluster, by chance, and remembers when: what a seed's faults are.
class Nemesis {
 public:
  using TimePoint = base::Env::TimePoint;
  using Duration = base::Env::Duration;

  explicit Nemesis(Stage& stage) : env_(stage.env), stage_(stage), crew_(stage.crew) {}

  /// One misfortune, and whoever has been dead for a while is started again.
  void strike();
  /// Ends all that goes on, and starts everybody.
  void heal();

  /// The door of all processes: whoever is to die or to be stopped at a call meets it here.
  void pass(const Passage& passage);

  const Counts& counts() const noexcept { return counts_; }

 private:
  /// Somebody to be met at a call.
  struct Ambush {
    const SimProcess* process = nullptr;
    const char* call = "";  ///< a part of its name
    Passage::When when = Passage::When::kBefore;
    Duration freeze{};  ///< zero: it dies
    TimePoint until;
  };

  void lay_ambush(std::size_t number);
  void cut_off(std::size_t number);
  void outage();
  void start_dead();
  Duration draw(Duration most);

  SimEnv& env_;
  Stage& stage_;
  Crew& crew_;
  std::optional<Ambush> ambush_;
  Counts counts_;
};

}  // namespace sim
