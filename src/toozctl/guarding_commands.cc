// lock, break, elect: what stands between a program and doing its work twice.
#include <unistd.h>

#include <boost/json.hpp>
#include <cctype>
#include <charconv>
#include <iostream>

#include "tooz/error.h"
#include "toozctl/commands.h"
#include "toozctl/guard.h"
#include "toozctl/session.h"

namespace toozctl {
namespace {

namespace json = boost::json;

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

std::size_t permits_argument(const CommandLine& line) {
  const std::string& text = line.arguments[1];
  std::size_t permits = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), permits);
  if (ec != std::errc{} || end != text.data() + text.size() || permits < 1)
    throw UsageError("PERMITS needs a number from 1 to 10000, not " + text);
  return permits;
}

std::map<std::string, std::string> token_in_environment(const tooz::Token& token) {
  return {{"TOOZ_FENCING_TOKEN", std::to_string(token.number)},
          {"TOOZ_FENCING_ORIGIN", token.origin}};
}

template <class LockOrSemaphore>
std::optional<tooz::LockGuard> acquire(base::Env& env, const CommandLine& line,
                                       LockOrSemaphore lock) {
  if (line.has("try")) return lock.try_acquire();
  auto deadline = base::Env::TimePoint::max();
  if (line.has("timeout")) deadline = env.now() + line.duration("timeout", {});
  const UntilSignal until(env);
  auto guard = lock.acquire(until.token(), deadline);
  if (until.token().stop_requested()) guard.reset();  // who is to end begins nothing
  return guard;
}

// Runs the program as long as `hold`, a lock or leadership, lasts.
template <class Hold>
int run_under(base::Env& env, const CommandLine& line, const Hold& hold, const std::string& what) {
  const auto outcome = run_guarded(env, {line.program, token_in_environment(hold.token()),
                                         hold.lost(), line.duration("grace", kGrace)});
  if (outcome.lost) {
    std::cerr << "toozctl: " << what << " lost; the program was stopped\n";
    return kLost;
  }
  if (hold.remaining() > base::Env::Duration::zero()) return outcome.exit_code;
  std::cerr << "toozctl: " << what << " lost before the program's end was seen\n";
  return kLost;
}

/// With --json, a line on standard output for each thing that happens to a lock or a permit.
void tell(const CommandLine& line, std::string_view event, json::object more = {}) {
  if (!line.has("json")) return;
  json::object all{
      {"event", event}, {line.command, line.arguments[0]}, {"member", member_id(line)}};
  all.insert(more.begin(), more.end());
  print_line(json::serialize(all));
}

int run_and_tell(base::Env& env, const CommandLine& line, std::optional<tooz::LockGuard> guard) {
  tell(line, "acquired", {{"token", guard->token().number}, {"origin", guard->token().origin}});
  const int code = run_under(env, line, *guard, line.command == "semaphore" ? "permit" : "lock");
  const bool lost = guard->remaining() <= base::Env::Duration::zero();
  guard.reset();
  if (lost)
    tell(line, "lost");
  else
    tell(line, "released", {{"exit_code", code}});
  return code;
}

}  // namespace

int run_lock(base::Env& env, const CommandLine& line) {
  const int not_acquired = exit_code_option(line);
  line.duration("grace", kGrace);  // refused before the lock is taken
  auto coordinator = connect(env, line);
  const bool semaphore = line.command == "semaphore";
  const auto mode = line.has("shared") ? tooz::Mode::kShared : tooz::Mode::kExclusive;
  const std::string& name = line.arguments[0];
  auto guard = semaphore ? acquire(env, line, coordinator.semaphore(name, permits_argument(line)))
                         : acquire(env, line, coordinator.lock(name, mode));
  if (guard) return run_and_tell(env, line, std::move(guard));
  tell(line, "not acquired");
  std::cerr << "toozctl: " << (semaphore ? "permit" : "lock") << " not acquired\n";
  return not_acquired;
}

namespace {

bool is_yes(std::string answer) {
  for (char& c : answer)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return answer == "y" || answer == "yes";
}

int tell_broken(const CommandLine& line, bool broken, const std::string& why_not) {
  if (line.has("json")) print_line(broken ? R"({"broken":true})" : R"({"broken":false})");
  if (broken) return kDone;
  std::cerr << "toozctl: " << why_not << "\n";
  return kNegative;
}

}  // namespace

int break_lock(base::Env& env, const CommandLine& line) {
  const std::string& name = line.arguments[0];
  if (!line.has("yes")) {
    if (isatty(STDIN_FILENO) == 0)
      throw UsageError("break asks before it takes a lock away; without a terminal it needs --yes");
    std::cerr << "Take lock " << name << " from whoever holds it? [y/N] ";
    std::string answer;
    std::getline(std::cin, answer);
    if (!is_yes(answer)) return tell_broken(line, false, name + " is left to its holder");
  }
  auto coordinator = connect(env, line);
  return tell_broken(line, coordinator.lock(name).break_holder(), "nobody holds " + name);
}

namespace {

// None: a signal came. A backend that is away is an error only before the first answer.
std::optional<tooz::Leadership> campaign(base::Env& env, tooz::Election& election,
                                         const UntilSignal& until, bool first) {
  Outage outage(env);
  while (true) {
    try {
      auto leadership = election.campaign(until.token());
      if (until.token().stop_requested()) leadership.reset();
      return leadership;
    } catch (const tooz::Error& e) {
      if (first) throw;
      outage.sit_out(e, until.token());
    }
  }
}

void say(const CommandLine& line, const std::string& event) {
  print_line(line.has("json")
                 ? json::serialize(json::object{
                       {"event", event}, {"group", line.arguments[0]}, {"member", member_id(line)}})
                 : event);
}

// False: a signal came first.
bool wait_for_loss(base::Env& env, const tooz::Leadership& leadership, const UntilSignal& until) {
  const auto wake = env.make_event();
  const std::stop_callback on_lost(leadership.lost(), [&] { wake->set(); });
  wake->wait_until(base::Env::TimePoint::max(), until.token());
  return !until.token().stop_requested();
}

}  // namespace

int run_elect(base::Env& env, const CommandLine& line) {
  line.duration("grace", kGrace);  // refused before the first campaign
  auto coordinator = connect(env, line);
  tooz::Election election = coordinator.election(line.arguments[0]);
  for (bool first = true;; first = false) {
    auto until = std::make_unique<UntilSignal>(env);
    const auto leadership = campaign(env, election, *until, first);
    if (!leadership) return kDone;
    say(line, "elected");
    if (!line.program.empty()) {
      until.reset();  // signals are the program's now
      const int code = run_under(env, line, *leadership, "leadership");
      if (code == kLost) say(line, "lost");
      return code;
    }
    if (!wait_for_loss(env, *leadership, *until)) return kDone;
    say(line, "lost");
  }
}

}  // namespace toozctl
