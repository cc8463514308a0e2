#include "sim/sim_env.h"

#include <algorithm>
#include <utility>

#include "sim/scheduler.h"

namespace sim {
namespace {

/// 2026-01-01T00:00:00Z at the machine's boot.
constexpr std::chrono::seconds kWallTimeAtBoot{1767225600};

class SimEvent final : public base::Env::Event {
 public:
  explicit SimEvent(Scheduler& scheduler)
      : scheduler_(scheduler), number_(scheduler.next_event()) {}

  void set() noexcept override {
    set_ = true;
    scheduler_.wake(this);
  }

  bool wait_until(base::Env::TimePoint deadline, std::stop_token stop) override {
    scheduler_.yield();
    while (!set_ && !stop.stop_requested() && scheduler_.now() < deadline)
      scheduler_.wait({"event", this, number_, deadline}, stop);
    return std::exchange(set_, false);
  }

 private:
  Scheduler& scheduler_;
  const std::uint64_t number_;
  bool set_ = false;
};

class Handle final : public base::Env::Thread {
 public:
  Handle(Scheduler& scheduler, std::shared_ptr<SimThread> thread)
      : scheduler_(scheduler), thread_(std::move(thread)) {}

  ~Handle() override {
    thread_->stop.request_stop();
    if (!thread_->over) scheduler_.join(*thread_);  // over: the scheduler may be gone as well
  }

 private:
  Scheduler& scheduler_;
  const std::shared_ptr<SimThread> thread_;
};

}  // namespace

ProcessEnv::ProcessEnv(std::shared_ptr<Scheduler> scheduler, const std::string& name)
    : scheduler_(std::move(scheduler)), process_(scheduler_->add_process(name)) {}

ProcessEnv::~ProcessEnv() = default;

ProcessEnv::TimePoint ProcessEnv::now() const noexcept {
  const TimePoint time = scheduler_->now();
  scheduler_->yield();
  return time;
}

ProcessEnv::WallTime ProcessEnv::wall_time() const noexcept {
  return WallTime{
      std::chrono::duration_cast<WallTime::duration>(kWallTimeAtBoot + now().time_since_epoch())};
}

bool ProcessEnv::sleep_until(TimePoint when, std::stop_token stop) {
  scheduler_->yield();
  while (!stop.stop_requested() && scheduler_->now() < when)
    scheduler_->wait({.in = "sleep", .deadline = when}, stop);
  return !stop.stop_requested();
}

std::unique_ptr<ProcessEnv::Event> ProcessEnv::make_event() {
  return std::make_unique<SimEvent>(*scheduler_);
}

std::uint64_t ProcessEnv::random() noexcept {
  scheduler_->yield();
  return scheduler_->random();
}

std::unique_ptr<ProcessEnv::Thread> ProcessEnv::spawn(std::string name,
                                                      std::function<void(std::stop_token)> body) {
  return std::make_unique<Handle>(*scheduler_,
                                  scheduler_->spawn(process_, std::move(name), std::move(body)));
}

void SimProcess::freeze_until(TimePoint when) { scheduler_->freeze(process_, when); }
void SimProcess::kill() { scheduler_->kill(process_); }
bool SimProcess::alive() const noexcept { return scheduler_->alive(process_); }

SimEnv::SimEnv(std::uint64_t seed, Limits limits)
    : ProcessEnv(std::make_shared<Scheduler>(seed, limits), "main") {}

SimEnv::~SimEnv() = default;

void SimEnv::run(std::function<void()> body) { scheduler_->run(std::move(body)); }

SimProcess& SimEnv::process(const std::string& name) {
  for (const auto& process : processes_) {
    if (process->name() == name && process->alive()) return *process;
  }
  processes_.push_back(std::make_unique<SimProcess>(scheduler_, name));
  return *processes_.back();
}

SimEnv::TimePoint SimEnv::time() const noexcept { return scheduler_->now(); }
std::uint64_t SimEnv::trace_hash() const noexcept { return scheduler_->trace_hash(); }
std::uint64_t SimEnv::steps() const noexcept { return scheduler_->steps(); }

}  // namespace sim
