// lock, break, elect: what stands between a program and doing its work twice.
#include <unistd.h>

#include <charconv>
#include <iostream>

#include "toozctl/commands.h"
#include "toozctl/guard.h"
#include "toozctl/session.h"

namespace toozctl {
namespace {

constexpr base::Env::Duration kGrace = std::chrono::seconds(5);

int exit_code_option(const CommandLine& line) {
  const auto it = line.options.find("E");
  if (it == line.options.end()) return kNotAcquired;
  int code = 0;
  const auto& text = it->second;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), code);
  if (ec != std::errc{} || end != text.data() + text.size() || code < 0 || code > 255)
    throw UsageError("-E needs a number from 0 to 255, not " + text);
  return code;
}

std::map<std::string, std::string> token_in_environment(const tooz::Token& token) {
  return {{"TOOZ_FENCING_TOKEN", std::to_string(token.number)},
          {"TOOZ_FENCING_ORIGIN", token.origin}};
}

std::optional<tooz::LockGuard> acquire(base::Env& env, const CommandLine& line, tooz::Lock& lock) {
  if (line.has("try")) return lock.try_acquire();
  auto deadline = base::Env::TimePoint::max();
  if (line.has("timeout")) deadline = env.now() + line.duration("timeout", {});
  const UntilSignal until(env);
  return lock.acquire(until.token(), deadline);
}

int report_lost(const std::string& what) {
  std::cerr << "toozctl: " << what << " lost; the program was stopped\n";
  return kLost;
}

}  // namespace

int run_lock(base::Env& env, const CommandLine& line) {
  const int not_acquired = exit_code_option(line);
  const auto grace = line.duration("grace", kGrace);
  auto coordinator = connect(env, line);
  tooz::Lock lock = coordinator.lock(line.arguments[0]);
  const auto guard = acquire(env, line, lock);
  if (!guard) {
    std::cerr << "toozctl: lock not acquired\n";
    return not_acquired;
  }
  const auto outcome =
      run_guarded(env, {line.program, token_in_environment(guard->token()), guard->lost(), grace});
  return outcome.lost ? report_lost("lock") : outcome.exit_code;
}

int break_lock(base::Env& env, const CommandLine& line) {
  const std::string& name = line.arguments[0];
  if (!line.has("yes")) {
    if (isatty(STDIN_FILENO) == 0)
      throw UsageError("break asks before it takes a lock away; without a terminal it needs --yes");
    std::cerr << "Take lock " << name << " from whoever holds it? [y/N] ";
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "Y") return kNegative;
  }
  auto coordinator = connect(env, line);
  if (coordinator.lock(name).break_holder()) return kDone;
  std::cerr << "toozctl: nobody holds " << name << "\n";
  return kNegative;
}

int run_elect(base::Env& env, const CommandLine& line) {
  const auto grace = line.duration("grace", kGrace);
  auto coordinator = connect(env, line);
  tooz::Election election = coordinator.election(line.arguments[0]);
  while (true) {
    std::optional<tooz::Leadership> leadership;
    {
      const UntilSignal until(env);
      leadership = election.campaign(until.token());
      if (!leadership) return kDone;
      print_line("elected");
      if (line.program.empty()) {
        const auto wake = env.make_event();
        const std::stop_callback on_lost(leadership->lost(), [&] { wake->set(); });
        const std::stop_callback on_signal(until.token(), [&] { wake->set(); });
        wake->wait_until(base::Env::TimePoint::max(), {});
        if (until.token().stop_requested()) return kDone;
      }
    }
    if (!line.program.empty()) {
      const auto outcome = run_guarded(
          env,
          {line.program, token_in_environment(leadership->token()), leadership->lost(), grace});
      if (!outcome.lost) return outcome.exit_code;
    }
    print_line("lost");
    if (!line.program.empty()) return report_lost("leadership");
  }
}

}  // namespace toozctl
