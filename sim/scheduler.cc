#include "sim/scheduler.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace sim {
namespace {

using std::chrono::duration;

/// Not zero, so that arithmetic before the start stays after the boot.
constexpr base::Env::TimePoint kStart{std::chrono::seconds{1000}};

struct Current {
  const Scheduler* scheduler = nullptr;
  SimThread* thread = nullptr;
};
thread_local Current current;

}  // namespace

void Baton::give() {
  const std::lock_guard lock(mutex_);
  here_ = true;
  given_.notify_one();
}

void Baton::await() {
  std::unique_lock lock(mutex_);
  given_.wait(lock, [this] { return here_; });
  here_ = false;
}

bool Baton::await_for(std::chrono::seconds real_time) {
  std::unique_lock lock(mutex_);
  return given_.wait_for(lock, real_time, [this] { return std::exchange(here_, false); });
}

std::uint64_t Chance::draw() noexcept {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

Scheduler::Scheduler(std::uint64_t seed, SimEnv::Limits limits)
    : seed_(seed),
      limits_(limits),
      choices_(seed),
      values_(~seed),
      now_(kStart),
      outside_(std::make_shared<Baton>()) {}

void Scheduler::run(std::function<void()> body) {
  if (last_thread_ != 0) throw std::logic_error("SimEnv::run() was called before");
  start(0, "main", [body = std::move(body)](const std::stop_token&) { body(); });
  pass_on(nullptr);
  await_end();
  join_ended();
  for (const auto& thread : std::exchange(threads_, {})) {
    thread->over = true;
    thread->machine.detach();
  }
  if (failure_) std::rethrow_exception(failure_);
}

void Scheduler::await_end() {
  for (std::uint64_t before = 0; !outside_->await_for(limits_.stuck_after);) {
    if (const std::uint64_t steps = steps_; steps != before) {
      before = steps;
      continue;
    }
    const std::string text =
        report("is stuck: " + full_name(*holder_.load()) +
               " made no Env call for long; it waits for a mutex that another thread holds across "
               "an Env call, or it computes");
    std::fprintf(stderr, "%s\n", text.c_str());
    std::abort();
  }
}

void Scheduler::join_ended() {
  for (std::thread& thread : std::exchange(ended_, {}))
    thread.join();
}

std::size_t Scheduler::add_process(const std::string& name) {
  processes_.push_back({.name = name});
  return processes_.size() - 1;
}

void Scheduler::freeze(std::size_t process, TimePoint until) {
  processes_[process].frozen_until = until;
  yield();
}

void Scheduler::kill(std::size_t process) {
  processes_[process].alive = false;
  SimThread* const me = self();
  for (const auto& thread : Threads(threads_)) {
    if (thread->process != process) continue;
    thread->machine.detach();
    over(*thread);
  }
  if (me != nullptr && me->over)
    pass_on(me);  // for ever
  else
    yield();
}

std::shared_ptr<SimThread> Scheduler::spawn(std::size_t process, std::string name, Body body) {
  if (self() == nullptr) throw std::logic_error("a thread was spawned outside SimEnv::run()");
  if (!processes_[process].alive)
    throw std::logic_error("a thread was spawned in the killed process " +
                           processes_[process].name);
  join_ended();
  auto thread = start(process, std::move(name), std::move(body));
  yield();
  return thread;
}

std::shared_ptr<SimThread> Scheduler::start(std::size_t process, std::string name, Body body) {
  auto thread = std::make_shared<SimThread>();
  thread->number = ++last_thread_;
  thread->name = std::move(name);
  thread->process = process;
  threads_.push_back(thread);
  thread->machine = std::thread(
      [this, thread, body = std::move(body)]() mutable { frame(*thread, std::move(body)); });
  return thread;
}

void Scheduler::frame(SimThread& self, Body body) {
  current = {this, &self};
  self.baton.await();
  try {
    body(self.stop.get_token());
    body = nullptr;  // what it holds goes while the baton is still here
  } catch (...) {
    failure_ = std::current_exception();
  }
  ended_.push_back(std::move(self.machine));
  over(self);
  pass_on(nullptr);
}

void Scheduler::over(SimThread& thread) {
  thread.over = true;
  wake(&thread);
  std::erase_if(threads_, [&](const auto& t) { return t.get() == &thread; });
}

void Scheduler::join(SimThread& thread) {
  yield();
  while (!thread.over)
    wait({"join of thread", &thread, thread.number}, {});
}

SimThread* Scheduler::self() const noexcept {
  return current.scheduler == this ? current.thread : nullptr;
}

void Scheduler::yield() noexcept {
  if (SimThread* const me = self()) pass_on(me);
}

void Scheduler::wait(const SimThread::Wait& wait, const std::stop_token& stop) {
  SimThread* const me = self();
  if (me == nullptr)
    throw std::logic_error(std::string("outside SimEnv::run() nobody waits in ") + wait.in);
  me->ready = false;
  me->wait = wait;
  const std::stop_callback wake_me(stop, [me] { me->ready = true; });
  pass_on(me);
  me->ready = true;
}

void Scheduler::wake(const void* object) noexcept {
  for (const auto& thread : threads_) {
    if (thread->wait.object == object) thread->ready = true;
  }
}

Scheduler::TimePoint Scheduler::runs_from(const SimThread& thread) const noexcept {
  return std::max(thread.ready ? TimePoint::min() : thread.wait.deadline,
                  processes_[thread.process].frozen_until);
}

/// Who runs next. Null: nobody, the run is over or has failed.
std::shared_ptr<SimThread> Scheduler::choose() {
  if (failure_ || threads_.empty()) return nullptr;
  if (++steps_ > limits_.steps) {
    failure_ = std::make_exception_ptr(SimError(report("has reached its bound on steps")));
    return nullptr;
  }
  TimePoint first = TimePoint::max();
  std::size_t able = 0;
  for (const auto& thread : threads_) {
    const TimePoint from = runs_from(*thread);
    first = std::min(first, from);
    if (from <= now_) ++able;
  }
  if (first == TimePoint::max()) {
    failure_ = std::make_exception_ptr(
        SimError(report("stands still: nobody can run and nobody has a deadline")));
    return nullptr;
  }
  if (able == 0) {
    now_ = first;
    able = static_cast<std::size_t>(
        std::ranges::count_if(threads_, [&](const auto& t) { return runs_from(*t) <= now_; }));
  }
  std::size_t skip = choices_.draw() % able;
  const auto chosen = std::ranges::find_if(
      threads_, [&](const auto& t) { return runs_from(*t) <= now_ && skip-- == 0; });
  const auto time = static_cast<std::uint64_t>(now_.time_since_epoch().count());
  trace_ = Chance(trace_ ^ Chance(time ^ ((*chosen)->number << 48U)).draw()).draw();
  return *chosen;
}

/// Hands the baton to who runs next, and returns when `self` has it again: at once, later, or
/// never. Null: the caller ends and does not want it back; it touches nothing here afterwards.
void Scheduler::pass_on(SimThread* self) noexcept {
  const std::shared_ptr<SimThread> next = choose();
  holder_ = next.get();
  if (next && next.get() == self) return;
  if (next)
    next->baton.give();
  else
    std::shared_ptr<Baton>(outside_)->give();
  if (self != nullptr) self->baton.await();
}

std::string Scheduler::full_name(const SimThread& thread) const {
  return processes_[thread.process].name + '/' + thread.name;
}

std::string Scheduler::report(const std::string& what) const {
  std::string text = "the simulation with seed " + std::to_string(seed_) + " at " +
                     std::to_string(duration<double>(now_ - kStart).count()) + " s, step " +
                     std::to_string(steps_.load()) + ", " + what + "; threads:";
  for (const auto& thread : threads_) {
    text += "\n  " + std::to_string(thread->number) + ' ' + full_name(*thread);
    if (thread->ready) {
      text += " can run";
    } else {
      text += std::string(" waits in ") + thread->wait.in;
      if (thread->wait.number != 0) text += ' ' + std::to_string(thread->wait.number);
    }
    const TimePoint frozen_until = processes_[thread->process].frozen_until;
    if (frozen_until == TimePoint::max())
      text += ", frozen for ever";
    else if (frozen_until > now_)
      text += ", frozen";
  }
  return text;
}

}  // namespace sim
