#include "inspector/service/signals.h"

#include "base/log.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.service";

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

int block_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGHUP, SIGUSR1})
    sigaddset(&set, each);
  checked(-pthread_sigmask(SIG_BLOCK, &set, nullptr), "pthread_sigmask");
  return checked(signalfd(-1, &set, SFD_CLOEXEC), "signalfd");
}

}  // namespace

Signals::Signals(base::Env& env)
    : env_(env),
      asked_(env.make_event()),
      signals_(block_signals()),
      wake_(checked(eventfd(0, EFD_CLOEXEC), "eventfd")),
      watcher_(env.spawn("signals", [this](const std::stop_token& stop) {
        const std::stop_callback end(stop, [this] { eventfd_write(wake_, 1); });
        watch();
      })) {}

Signals::~Signals() {
  watcher_.reset();
  close(wake_);
  close(signals_);
}

void Signals::wait() { asked_->wait_until(base::Env::TimePoint::max(), {}); }

void Signals::watch() {
  for (;;) {
    std::array<pollfd, 2> files{{{signals_, POLLIN, 0}, {wake_, POLLIN, 0}}};
    if (poll(files.data(), files.size(), -1) < 0 && errno != EINTR) return;
    if (files[1].revents != 0) return;
    signalfd_siginfo info{};
    if (files[0].revents != 0 && read(signals_, &info, sizeof info) == sizeof info)
      handle(static_cast<int>(info.ssi_signo));
  }
}

void Signals::on_reload(Action action) {
  const std::lock_guard guard(mutex_);
  reload_ = std::move(action);
}

void Signals::on_drain(Action action) {
  const std::lock_guard guard(mutex_);
  drain_ = std::move(action);
}

void Signals::act(const char* signal, const Action& action) {
  if (!action) {
    base::log_warning(kComponent, std::string(signal) + " means nothing to this process");
    return;
  }
  try {
    action();
    base::log_info(kComponent, std::string(signal) + ": done");
  } catch (const std::exception& error) {
    base::log_error(kComponent, std::string(signal) + ": " + error.what());
  }
}

void Signals::handle(int signal) {
  if (signal == SIGHUP || signal == SIGUSR1) {
    Action action;
    {
      const std::lock_guard guard(mutex_);
      action = signal == SIGHUP ? reload_ : drain_;
    }
    act(signal == SIGHUP ? "SIGHUP" : "SIGUSR1", action);
    return;
  }
  if (stop_.stop_requested()) {
    base::log_warning(kComponent, "Asked to stop again, ending at once");
    std::_Exit(1);
  }
  at_once_ = signal == SIGINT;
  base::log_info(kComponent, signal == SIGINT ? "SIGINT: stopping at once" : "SIGTERM: stopping");
  stop_.request_stop();
  asked_->set();
}

}  // namespace inspector
