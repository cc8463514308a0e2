#pragma once
#include "tests/e2e/chaos/load.h"
#include "tests/e2e/chaos/site.h"

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace e2e {

/// Breaks a site at random, from a seed, and mends what it broke. For one thread.
class Nemesis {
 public:
  /// How likely each kind of trouble is; 0: never.
  struct Weights {
    int kill_conductor = 60, stop_conductor = 12, cut_conductor = 14, end_conductor = 5;
    int kill_api = 7, stop_api = 4, cut_api = 4, kill_etcd = 6, stop_etcd = 4;
    int kill_database = 3, stop_database = 3;
  };
  Nemesis(ChaosSite& site, Load& load, std::uint64_t seed, Weights weights);

  /// Until then; all is mended when it returns. May be called again.
  void run(base::Env::TimePoint until);

  /// What was done, by name.
  const std::map<std::string, int>& done() const { return done_; }
  /// Conductors that were killed while operations were theirs.
  int kills_at_work() const { return kills_at_work_; }
  int operations_killed() const { return operations_killed_; }
  /// Members that ended though nobody ended them, with their exit codes.
  const std::vector<std::string>& fallen() const { return fallen_; }

 private:
  using Duration = base::Env::Duration;
  struct Healing {
    base::Env::TimePoint due;
    std::string whom;
    std::function<void()> heal;
  };
  struct Trouble {
    const char* name;
    int weight;
    bool (Nemesis::*make)();  ///< false: not now
  };

  std::uint64_t dice(std::uint64_t sides) { return chance_() % sides; }
  Duration between(milliseconds least, milliseconds most);
  void pause(Duration duration);
  void heal_due(base::Env::TimePoint now);
  void heal_later(const std::string& whom, Duration after, std::function<void()> heal);
  bool whole(const std::string& whom) const { return !broken_.contains(whom); }
  std::optional<std::size_t> whole_one(const std::string& prefix, std::size_t count);
  void make_trouble();
  void look_after_all();
  void look_after(ChaosMember& member, const std::function<void()>& start);
  void say(const std::string& what);

  bool kill_conductor();
  bool stop_conductor();
  bool cut_conductor();
  bool end_conductor();
  bool kill_api();
  bool stop_api();
  bool cut_api();
  bool kill_etcd();
  bool stop_etcd();
  bool kill_database();
  bool stop_database();
  void work_for(std::size_t conductor);
  int operations_of(const std::string& conductor, std::string_view kind);

  base::Env& env_;
  ChaosSite& site_;
  Load& load_;
  std::mt19937_64 chance_;
  const std::vector<Trouble> troubles_;
  const base::Env::TimePoint begin_;
  std::vector<Healing> healings_;
  std::set<std::string> broken_;
  std::set<std::string> dead_;  ///< incarnations
  std::map<std::string, int> done_;
  std::vector<std::string> fallen_;
  int kills_at_work_ = 0, operations_killed_ = 0;
};

}  // namespace e2e
