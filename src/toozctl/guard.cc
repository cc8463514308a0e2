#include "toozctl/guard.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <mutex>
#include <optional>
#include <utility>

#include "toozctl/signals.h"

namespace toozctl {
namespace {

// Becomes the program; between fork and exec only what is safe there.
[[noreturn]] void become(char* const* argv, char* const* environment, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // nobody would stop it any more when the lock goes
  if (getppid() != parent) _exit(127);
  signal(SIGTTOU, SIG_DFL);
  Signals::unblock();
  execvpe(argv[0], argv, environment);
  const char* reason = std::strerror(errno);
  for (const char* part : {"toozctl: ", const_cast<const char*>(argv[0]), ": ", reason, "\n"})
    if (write(STDERR_FILENO, part, std::strlen(part)) < 0) break;
  _exit(127);
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string name(*e, std::strcspn(*e, "="));
    if (!added.contains(name)) all.emplace_back(*e);
  }
  for (const auto& [name, value] : added)
    all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// Hands the terminal's keys from one process group to another, if `from` has them.
void hand_terminal(pid_t from, pid_t to) {
  if (isatty(STDIN_FILENO) == 0 || tcgetpgrp(STDIN_FILENO) != from) return;
  signal(SIGTTOU, SIG_IGN);  // who takes it back is in the background by then
  tcsetpgrp(STDIN_FILENO, to);
}

pid_t start(const Guarded& guarded) {
  auto words = guarded.program;
  auto environment = environment_with(guarded.environment);
  const auto argv = pointers(words);
  const auto envp = pointers(environment);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) become(argv.data(), envp.data(), parent);
  if (child > 0) {
    setpgid(child, child);  // also here: whoever of us comes first
    hand_terminal(getpgrp(), child);
  }
  return child;
}

// Signals that came for us since the last look.
class Inbox {
 public:
  void put(int signal) {
    const std::lock_guard lock(mutex_);
    if (got_.size() < 64) got_.push_back(signal);
  }
  std::vector<int> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(got_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<int> got_;
};

// Ctrl-Z stopped the program: we stop as well, so that the shell gets its terminal back, and go on
// with it. The lock may be lost by then.
void stop_with(pid_t child) {
  hand_terminal(child, getpgrp());
  kill(getpid(), SIGSTOP);
  hand_terminal(getpgrp(), child);
  kill(-child, SIGCONT);
}

// The exit code of a program that has ended.
std::optional<int> reap(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, WNOHANG | WUNTRACED) != child) return std::nullopt;
  if (WIFSTOPPED(status)) {
    if (WSTOPSIG(status) != SIGSTOP) stop_with(child);
    return std::nullopt;
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Outcome run_guarded(base::Env& env, const Guarded& guarded) {
  const auto wake = env.make_event();
  Inbox inbox;
  const Signals signals(env, [&](int signal) {
    inbox.put(signal);
    wake->set();
  });
  const std::stop_callback on_lost(guarded.lost, [&] { wake->set(); });

  Outcome outcome;
  const pid_t child = start(guarded);
  if (child < 0) {
    std::cerr << "toozctl: cannot start a process: " << std::strerror(errno) << "\n";
    outcome.exit_code = 127;
    return outcome;
  }
  auto kill_at = base::Env::TimePoint::max();
  while (true) {
    if (const auto code = reap(child)) {
      hand_terminal(child, getpgrp());
      outcome.exit_code = *code;
      return outcome;
    }
    if (guarded.lost.stop_requested() && !outcome.lost) {
      outcome.lost = true;
      kill(-child, SIGTERM);
      kill_at = env.now() + guarded.grace;
    }
    if (env.now() >= kill_at) {
      kill(-child, SIGKILL);
      kill_at = base::Env::TimePoint::max();
    }
    for (const int signal : inbox.take())
      if (signal != SIGCHLD) kill(-child, signal);
    wake->wait_until(kill_at, {});
  }
}

}  // namespace toozctl
