#include "base/pool.h"

#include <algorithm>
#include <deque>
#include <exception>
#include <list>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/log_context.h"

namespace base {

class Pool::Impl {
 public:
  Impl(Env& env, Options options)
      : env_(env), options_(std::move(options)), all_done_(env.make_event()) {}

  bool submit(Task task);
  bool drain(Env::TimePoint deadline);

  std::size_t queued() const noexcept {
    const std::lock_guard lock(mutex_);
    return queue_.size();
  }
  std::size_t running() const noexcept {
    const std::lock_guard lock(mutex_);
    return running_;
  }

 private:
  struct Queued {
    std::uint64_t number;
    Task task;
  };
  struct Worker {
    std::shared_ptr<Env::Event> work;     // set: look at the queue
    std::unique_ptr<Env::Thread> thread;  // null until spawn() has returned
    bool called = false;                  // woken or started, and has not looked at the queue yet
    bool ended = false;                   // touches nothing of the pool any more
  };
  using Workers = std::list<Worker>;

  /// What the next worker needs, once the mutex is free.
  struct Call {
    std::shared_ptr<Env::Event> wake;
    bool start = false;
  };
  Call call_one();
  bool start_worker();
  bool withdraw(std::uint64_t number);
  void reap();
  void serve(Worker& self);
  bool take(Worker& self, Task& task);
  bool wait_for_work(Worker& self);
  void execute(Task task);
  bool done() const { return queue_.empty() && running_ == 0; }

  Env& env_;
  const Options options_;
  const std::unique_ptr<Env::Event> all_done_;
  std::stop_source stop_;

  mutable std::mutex mutex_;  // the rest
  std::deque<Queued> queue_;
  std::vector<Worker*> idle_;  // wait for `work`; the last one has waited least and is woken first
  std::size_t called_ = 0;     // workers that are woken or started and have not looked yet
  std::size_t live_ = 0;       // workers that have not ended, those about to be started included
  std::size_t ended_ = 0;      // workers that have, and are not joined yet
  std::size_t running_ = 0;    // tasks
  std::uint64_t last_number_ = 0;
  bool closed_ = false;  // takes no more tasks
  bool ending_ = false;  // a worker that finds no task ends
  Workers workers_;      // last: destroyed, that is joined, while the rest stands
};

namespace {

/// What a request has asked for is logged as its own, also when another thread does it.
Pool::Task for_whom_it_was_asked(Pool::Task task) {
  auto context = current_log_context();
  if (!context) return task;
  return [context = std::move(context), task = std::move(task)](std::stop_token stop) {
    const LogContextScope scope(context);
    task(std::move(stop));
  };
}

}  // namespace

bool Pool::Impl::submit(Task task) {
  reap();
  task = for_whom_it_was_asked(std::move(task));
  std::uint64_t number = 0;
  Call call;
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || queue_.size() + running_ >= options_.max_threads + options_.max_queued)
      return false;
    number = ++last_number_;
    queue_.push_back({number, std::move(task)});
    call = call_one();
  }
  if (call.wake) call.wake->set();  // without the mutex: it is the first thing that he wants
  return !call.start || start_worker() || !withdraw(number);
}

/// Who is to look at what is queued: an idle worker, else a new one, else nobody. One worker is
/// called at a time, and calls the next when it has taken a task and others are left: of many short
/// tasks that come at once, those who are awake do most, and the system changes between threads
/// less often. With the mutex held.
Pool::Impl::Call Pool::Impl::call_one() {
  if (queue_.empty() || called_ > 0) return {};
  if (idle_.empty()) {
    if (live_ >= options_.max_threads || ending_) return {};
    ++live_;
    ++called_;
    return {.wake = nullptr, .start = true};
  }
  Worker& worker = *idle_.back();
  idle_.pop_back();
  worker.called = true;
  ++called_;
  return {.wake = worker.work};
}

/// False: no thread could be started; the queue is as it was.
bool Pool::Impl::start_worker() {
  Workers one(1);
  Worker& worker = one.front();
  worker.called = true;
  try {
    worker.work = env_.make_event();
    {
      const std::lock_guard lock(mutex_);
      workers_.splice(workers_.end(), one);
    }
    auto thread =
        env_.spawn(options_.name, [this, &worker](const std::stop_token&) { serve(worker); });
    const std::lock_guard lock(mutex_);
    worker.thread = std::move(thread);
    return true;
  } catch (const std::exception& e) {
    log_error("base.pool", "cannot start a thread", {{"pool", options_.name}, {"error", e.what()}});
    const std::lock_guard lock(mutex_);
    --live_;
    --called_;
    workers_.remove_if([&](const Worker& w) { return &w == &worker; });
    return false;
  }
}

/// Takes a task back for which there is no thread. False: other threads have it or will get to it.
bool Pool::Impl::withdraw(std::uint64_t number) {
  Task dropped;  // outlives the lock
  const std::lock_guard lock(mutex_);
  if (live_ > 0) return false;
  const auto it = std::ranges::find(queue_, number, &Queued::number);
  if (it == queue_.end()) return false;
  dropped = std::move(it->task);
  queue_.erase(it);
  return true;
}

/// Joins the threads that have ended since.
void Pool::Impl::reap() {
  Workers ended;  // outlives the lock
  const std::lock_guard lock(mutex_);
  if (ended_ == 0) return;
  for (auto it = workers_.begin(); it != workers_.end();) {
    const auto next = std::next(it);
    if (it->ended && it->thread) ended.splice(ended.end(), workers_, it);
    it = next;
  }
  ended_ -= ended.size();
}

void Pool::Impl::serve(Worker& self) {
  for (;;) {
    Task task;
    if (take(self, task))
      execute(std::move(task));
    else if (!wait_for_work(self))
      return;
  }
}

/// True: `task` is to be executed. False: there is none, and `self` counts as idle.
bool Pool::Impl::take(Worker& self, Task& task) {
  Call call;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(self.called, false)) --called_;
    if (queue_.empty()) {
      idle_.push_back(&self);
      return false;
    }
    task = std::move(queue_.front().task);
    queue_.pop_front();
    ++running_;
    call = call_one();
  }
  if (call.wake) call.wake->set();
  if (call.start) start_worker();
  return true;
}

/// False: `self` has ended.
bool Pool::Impl::wait_for_work(Worker& self) {
  bool ending = false;
  {
    const std::lock_guard lock(mutex_);
    ending = ending_;
  }
  const bool woken = !ending && self.work->wait_until(env_.after(options_.idle), {});
  const std::lock_guard lock(mutex_);
  std::erase(idle_, &self);
  if ((woken && !ending_) || !queue_.empty()) return true;
  if (std::exchange(self.called, false)) --called_;
  --live_;
  self.ended = true;
  ++ended_;
  return false;
}

void Pool::Impl::execute(Task task) {
  try {
    task(stop_.get_token());
  } catch (const std::exception& e) {
    log_error("base.pool", "a task failed", {{"pool", options_.name}, exception_field(e)});
  } catch (...) {
    log_error("base.pool", "a task failed", {{"pool", options_.name}});
  }
  task = nullptr;  // what it holds goes before it counts as done
  const std::lock_guard lock(mutex_);
  --running_;
  if (done()) all_done_->set();
}

bool Pool::Impl::drain(Env::TimePoint deadline) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  while (!done()) {
    lock.unlock();
    const bool woken = all_done_->wait_until(deadline, {});
    lock.lock();
    if (!woken) break;
  }
  const bool complete = done();
  all_done_->set();  // for who else drains
  std::deque<Queued> dropped;
  dropped.swap(queue_);
  ending_ = true;
  Workers ending;
  for (auto it = workers_.begin(); it != workers_.end();) {
    const auto next = std::next(it);
    it->work->set();
    if (it->thread) ending.splice(ending.end(), workers_, it);
    it = next;
  }
  lock.unlock();
  if (!complete) stop_.request_stop();
  dropped.clear();
  ending.clear();  // joins
  return complete;
}

Pool::Pool(Env& env, Options options) : impl_(std::make_unique<Impl>(env, std::move(options))) {}
Pool::~Pool() { impl_->drain(Env::TimePoint::min()); }
bool Pool::submit(Task task) { return impl_->submit(std::move(task)); }
bool Pool::drain(Env::TimePoint deadline) { return impl_->drain(deadline); }
std::size_t Pool::queued() const noexcept { return impl_->queued(); }
std::size_t Pool::running() const noexcept { return impl_->running(); }

}  // namespace base
