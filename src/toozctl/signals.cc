#include "toozctl/signals.h"

#include <signal.h>
#include <unistd.h>

namespace toozctl {
namespace {

constexpr int kEnd = SIGUSR2;  // tells our own thread to end

sigset_t handled() {
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGCHLD, kEnd})
    sigaddset(&set, s);
  return set;
}

}  // namespace

void Signals::block() {
  const sigset_t set = handled();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

void Signals::unblock() {
  const sigset_t set = handled();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_DFL);
}

Signals::Signals(base::Env& env, std::function<void(int)> handler) {
  thread_ = env.spawn("signals", [handler = std::move(handler)](std::stop_token stop) {
    const std::stop_callback wake(stop, [] { kill(getpid(), kEnd); });
    const sigset_t set = handled();
    while (!stop.stop_requested()) {
      int got = 0;
      if (sigwait(&set, &got) == 0 && got != kEnd) handler(got);
    }
  });
}

Signals::~Signals() = default;

}  // namespace toozctl
