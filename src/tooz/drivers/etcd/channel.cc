#include "tooz/drivers/etcd/channel.h"

#include "tooz/drivers/etcd/dispatcher.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace tooz::etcd {
namespace {

int poll_timeout(Env::TimePoint when, Env::TimePoint now) {
  if (when == Env::TimePoint::max()) return -1;
  const auto rest = std::chrono::ceil<std::chrono::milliseconds>(when - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(rest, 0, 60'000));
}

}  // namespace

Channel::Channel(Env& env, Options options) : env_(env), options_(std::move(options)) {}

Channel::~Channel() {
  thread_.reset();
  if (wake_fd_ >= 0) close(wake_fd_);
}

void Channel::wake() const noexcept {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the thread is awake.
  [[maybe_unused]] const ssize_t written = write(wake_fd_, &one, sizeof one);
}

void Channel::ensure_running() {
  {
    const std::lock_guard lock(mutex_);
    if (running_) return;
    wake_fd_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
    running_ = true;
  }
  thread_ = env_.spawn("etcd-io", [this](const std::stop_token& stop) { run(stop); });
}

std::shared_ptr<Call> Channel::start(Request request) {
  ensure_running();
  auto call = std::make_shared<Call>(env_, std::move(request));
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    full = inbox_.started.size() >= kMaxInbox;
    if (!full) inbox_.started.push_back(call);
  }
  if (full)
    call->finish({Code::kUnavailable, "too many calls at once"});
  else
    wake();
  return call;
}

void Channel::cancel(const std::shared_ptr<Call>& call) {
  {
    // Bounded by the calls there are: each is cancelled once.
    const std::lock_guard lock(mutex_);
    inbox_.cancelled.push_back(call);
  }
  wake();
}

Channel::Reply Channel::call(Request request) {
  const auto deadline = request.deadline;
  const auto call = start(std::move(request));
  for (;;) {
    if (const auto status = call->status())
      return {*status, call->take_message().value_or(""), call->generation};
    if (call->wait(deadline, {}) || call->status()) continue;
    cancel(call);
    return {{Code::kDeadlineExceeded, "no answer in time"}, "", 0};
  }
}

Channel::Inbox Channel::take_inbox() {
  const std::lock_guard lock(mutex_);
  return std::exchange(inbox_, {});
}

void Channel::run(const std::stop_token& stop) {
  const std::stop_callback on_stop(stop, [this] { wake(); });
  Dispatcher dispatcher(env_, options_, generation_);
  std::vector<pollfd> polled;
  while (!stop.stop_requested()) {
    const Inbox inbox = take_inbox();
    for (const auto& call : inbox.started)
      dispatcher.add(call);
    for (const auto& call : inbox.cancelled)
      dispatcher.cancel(call);
    dispatcher.work();
    polled.assign(1, {wake_fd_, POLLIN, 0});
    dispatcher.collect(polled);
    poll(polled.data(), polled.size(), poll_timeout(dispatcher.timer(), env_.now()));
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t drained = read(wake_fd_, &count, sizeof count);
    dispatcher.advance(polled);
  }
  dispatcher.close();
}

}  // namespace tooz::etcd
