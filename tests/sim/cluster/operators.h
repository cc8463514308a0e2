#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/cluster/counts.h"
#include "tests/sim/cluster/stage.h"

namespace sim {

/// What one operator asked for one machine, and was promised.
struct Ledger {
  using WallTime = base::Env::WallTime;

  std::size_t accepted = 0;                 ///< starts and reapplies answered 202
  std::size_t doubtful = 0;                 ///< starts and reapplies that got 503 or no answer
  std::optional<WallTime> last_began{};     ///< when the last accepted one was asked for
  bool abort_asked = false;                 ///< since then (accepted or in doubt)
  bool reapplied = false;                   ///< the last accepted one was a reapply
  std::optional<std::string> impossible{};  ///< an answer that no client may ever get
};

/// People who start, watch, abort and reapply introspections through the API, one for each machine.
class Operators {
 public:
  struct Options {
    unsigned machines = 8;
    unsigned rounds = 2;                                    ///< introspections of each machine
    unsigned aborts = 10;                                   ///< of a hundred
    unsigned reapplies = 25;                                ///< of a hundred, after a success
    base::Env::Duration spread = std::chrono::seconds(40);  ///< the first start of each within
  };
  Operators(Stage& stage, const Options& options);

  void begin();
  bool done() const noexcept { return done_ == options_.machines; }
  void stop() { threads_.clear(); }  ///< whoever is not done gives up

  const Ledger& ledger(unsigned machine) const { return ledgers_.at(machine); }

  const Counts& counts() const noexcept { return counts_; }

 private:
  struct Status {
    bool finished = false;
    bool failed = false;
  };
  void work(unsigned machine, const std::stop_token& stop);
  bool start(unsigned machine, const std::stop_token& stop);
  void reapply(unsigned machine, const std::stop_token& stop);
  void abort(unsigned machine, const std::stop_token& stop);
  std::optional<Status> watch(unsigned machine, const std::stop_token& stop);
  std::optional<Status> status(unsigned machine, const std::stop_token& stop);
  /// Status of the answer; 0: none came.
  int ask(unsigned machine, const std::string& method, const std::string& path,
          const std::stop_token& stop, std::string* body = nullptr);
  bool promise(unsigned machine, const std::string& path, const std::stop_token& stop);
  base::Env::Duration draw(base::Env::Duration most);
  bool chance(unsigned of_a_hundred) { return process_.random() % 100 < of_a_hundred; }

  SimProcess& process_;
  const std::shared_ptr<http::Sender> sender_;
  const Options options_;
  std::map<unsigned, Ledger> ledgers_;
  Counts counts_;
  unsigned done_ = 0;
  std::vector<std::unique_ptr<base::Env::Thread>> threads_;
};

}  // namespace sim
