#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/env.h"

namespace sim {

class Scheduler;

/// Why a run could not go on; what() names the seed, the virtual time and what each thread waits
/// in.
class SimError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The base::Env of one simulated process: the threads that are spawned through it belong to it.
/// Every call but Event::set() may hand the baton to another thread before it returns; now() and
/// wall_time() return the time from before that. Calls take no virtual time.
class ProcessEnv : public base::Env {
 public:
  ~ProcessEnv() override;
  ProcessEnv(const ProcessEnv&) = delete;
  ProcessEnv& operator=(const ProcessEnv&) = delete;

  TimePoint now() const noexcept override;
  WallTime wall_time() const noexcept override;
  bool sleep_until(TimePoint when, std::stop_token stop) override;
  std::unique_ptr<Event> make_event() override;
  std::uint64_t random() noexcept override;
  /// Throws std::logic_error outside run() and in a process that was killed.
  std::unique_ptr<Thread> spawn(std::string name,
                                std::function<void(std::stop_token)> body) override;

 protected:
  ProcessEnv(std::shared_ptr<Scheduler> scheduler, const std::string& name);
  std::shared_ptr<Scheduler> scheduler_;
  std::size_t process_;  ///< its number in the scheduler
};

/// What can happen to a process. Its threads see nothing of it, as with the real signals. To be
/// called by threads of the simulation (of this process too).
class SimProcess : public ProcessEnv {
 public:
  SimProcess(std::shared_ptr<Scheduler> scheduler, const std::string& name)
      : ProcessEnv(std::move(scheduler), name), name_(name) {}

  const std::string& name() const noexcept { return name_; }

  /// SIGSTOP until `when`: none of its threads runs before. TimePoint::max(): until another call;
  /// a time in the past lets them go on. Timers run out meanwhile, and are noticed afterwards.
  void freeze_until(TimePoint when);

  /// SIGKILL: none of its threads ever runs again. Nothing is unwound and no destructor runs, so
  /// nothing is given back that a real death would not give back. Joining a killed thread returns
  /// at once. What such a thread's stack owns is never freed, and the thread of the machine under
  /// it stays until the program ends: thousands of kills in one program are too many.
  /// Does not return to a caller that belongs to this process.
  void kill();
  bool alive() const noexcept;

 private:
  std::string name_;
};

/// A world in one program: real threads, of which exactly one runs at a time (it holds the baton),
/// in virtual time. Who runs next is drawn from the seed at every Env call; when nobody can run,
/// time jumps to the next deadline. The same seed gives the same run, decision for decision,
/// provided that all that is not deterministic comes from Env, and that nothing depends on
/// addresses or on what earlier runs left behind.
///
/// The SimEnv itself is the Env of the process `main`. Only threads of the simulation may use it
/// while run() runs; before and after that, only what does not wait: now, random, make_event.
///
/// No Env call but Event::set() under a mutex: the next thread to want the mutex would wait for it
/// with the baton in its hand. run() notices (after `stuck_after` of real time without an Env
/// call), names the threads and aborts the program.
class SimEnv : public ProcessEnv {
 public:
  struct Limits {
    std::uint64_t steps = 20'000'000;  ///< decisions about who runs next
    std::chrono::seconds stuck_after{60};
  };

  explicit SimEnv(std::uint64_t seed) : SimEnv(seed, Limits{}) {}
  SimEnv(std::uint64_t seed, Limits limits);
  ~SimEnv() override;

  /// Runs `body` as the thread main/main and returns when all threads have ended or been killed.
  /// Rethrows what left the body of any thread. Throws SimError when nobody can run and nobody has
  /// a deadline, and when the bound on steps is reached. After either the remaining threads are
  /// left as if killed, and the SimEnv can only be asked and destroyed. Call it once.
  void run(std::function<void()> body);

  /// The living process of that name; a new one if there is none or it was killed. Valid as long
  /// as the SimEnv.
  SimProcess& process(const std::string& name);

  /// As now(), but the baton stays: for onlookers, who must not change what they see.
  TimePoint time() const noexcept;

  /// Over every decision so far and its time: equal for equal runs.
  std::uint64_t trace_hash() const noexcept;
  std::uint64_t steps() const noexcept;

 private:
  std::vector<std::unique_ptr<SimProcess>> processes_;
};

}  // namespace sim
