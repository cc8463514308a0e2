#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/env.h"
#include "sim/sim_env.h"

namespace sim {

/// The right to run. Handing it over orders memory: all state of the scheduler is touched by the
/// holder alone and needs no lock.
class Baton {
 public:
  void give();
  void await();                                    ///< for ever, if nobody gives it
  bool await_for(std::chrono::seconds real_time);  ///< false: nobody gave it

 private:
  std::mutex mutex_;
  std::condition_variable given_;
  bool here_ = false;
};

/// One thread of the simulation. Shared by who may join it and by its own stack, because a killed
/// one waits for its baton for ever, longer than the scheduler lives.
struct SimThread {
  std::uint64_t number = 0;
  std::string name;
  std::size_t process = 0;
  std::stop_source stop;
  std::thread machine;  ///< the real one
  Baton baton;

  bool over = false;  ///< ended or killed
  bool ready = true;  ///< else it waits in `wait`
  struct Wait {
    const char* in = "";
    const void* object = nullptr;  ///< what it is woken by: an event, a thread that it joins
    std::uint64_t number = 0;      ///< of the object, for the reader of a report
    base::Env::TimePoint deadline = base::Env::TimePoint::max();
  } wait;
};

/// splitmix64: small, fast, and good for every seed.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t draw() noexcept;

 private:
  std::uint64_t state_;
};

/// Decides who runs, and what time it is. Called by the holder of the baton only, but run() and
/// where noted.
class Scheduler {
 public:
  using TimePoint = base::Env::TimePoint;
  using Body = std::function<void(std::stop_token)>;

  Scheduler(std::uint64_t seed, SimEnv::Limits limits);

  void run(std::function<void()> body);

  std::size_t add_process(const std::string& name);
  void freeze(std::size_t process, TimePoint until);
  void kill(std::size_t process);
  bool alive(std::size_t process) const noexcept { return processes_[process].alive; }

  std::shared_ptr<SimThread> spawn(std::size_t process, std::string name, Body body);
  void join(SimThread& thread);

  /// Lets another thread run, or not; nothing when the caller is no thread of this simulation.
  void yield() noexcept;

  /// Until wake() of its object, its deadline or `stop`; the caller looks which. Throws
  /// std::logic_error outside run().
  void wait(const SimThread::Wait& wait, const std::stop_token& stop);
  void wake(const void* object) noexcept;  ///< those who wait for it; keeps the baton

  TimePoint now() const noexcept { return now_; }
  std::uint64_t random() noexcept { return values_.draw(); }
  std::uint64_t next_event() noexcept { return ++events_; }
  std::uint64_t trace_hash() const noexcept { return trace_; }
  std::uint64_t steps() const noexcept { return steps_; }

 private:
  struct Process {
    std::string name;
    TimePoint frozen_until = TimePoint::min();
    bool alive = true;
  };
  using Threads = std::vector<std::shared_ptr<SimThread>>;

  SimThread* self() const noexcept;
  std::shared_ptr<SimThread> start(std::size_t process, std::string name, Body body);
  void frame(SimThread& self, Body body);
  void over(SimThread& thread);
  std::shared_ptr<SimThread> choose();
  TimePoint runs_from(const SimThread& thread) const noexcept;
  void pass_on(SimThread* self) noexcept;
  void await_end();
  void join_ended();
  std::string full_name(const SimThread& thread) const;
  std::string report(const std::string& what) const;

  const std::uint64_t seed_;
  const SimEnv::Limits limits_;
  Chance choices_;
  Chance values_;
  TimePoint now_;
  std::uint64_t trace_ = 0;
  std::atomic<std::uint64_t> steps_{0};  // read by run()'s caller while others run
  std::uint64_t events_ = 0;
  std::uint64_t last_thread_ = 0;

  std::vector<Process> processes_;
  Threads threads_;                 // neither ended nor killed, in order of creation
  std::vector<std::thread> ended_;  // to be joined for real
  std::exception_ptr failure_;
  std::atomic<const SimThread*> holder_{nullptr};  // of the baton, for the report of a stuck run
  const std::shared_ptr<Baton> outside_;           // that of run()'s caller
};

}  // namespace sim
