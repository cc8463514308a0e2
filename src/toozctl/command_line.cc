#include "toozctl/command_line.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <span>
#include <utility>

#include "base/duration.h"

namespace toozctl {
namespace {

struct Command {
  std::string_view name;
  std::string_view arguments;  // as usage() shows them; `…` at the end: any number
  std::size_t least, most;
  std::string_view flags;   // separated by blanks
  std::string_view valued;  // options that take a value
  bool program;
  std::string_view does;
};

bool needs_program(std::string_view command) { return command == "lock" || command == "semaphore"; }

constexpr std::size_t kAny = 100000;

constexpr Command kCommands[] = {
    {"drivers", "", 0, 0, "json", "", false, "the drivers of this build and what each promises"},
    {"groups", "", 0, 0, "json", "", false, "list groups"},
    {"create", "GROUP", 1, 1, "json", "", false, "make a group"},
    {"delete", "GROUP", 1, 1, "json", "", false, "remove an empty group"},
    {"join", "GROUP", 1, 1, "json", "capabilities", false,
     "join, print `joined`, stay until SIGINT or SIGTERM, leave"},
    {"members", "GROUP", 1, 1, "json", "", false, "list a group's members"},
    {"watch", "GROUP", 1, 1, "json", "", false, "print one JSON line for each change"},
    {"lock", "NAME", 1, 1, "try shared json", "timeout grace delay E", true,
     "run a program under a lock"},
    {"semaphore", "NAME PERMITS", 2, 2, "try json", "timeout grace delay E", true,
     "run a program with one of so many permits"},
    {"break", "NAME", 1, 1, "yes json", "", false, "remove a lock, whoever holds it"},
    {"elect", "GROUP", 1, 1, "json", "grace delay", true, "campaign; run a program while leading"},
    {"leader", "GROUP", 1, 1, "json", "", false, "print a group's leader"},
    {"ring", "GROUP KEY…", 2, kAny, "json", "", false, "print which member owns each key"},
    {"bench", "lock|handoff|members", 1, 1, "json", "clients seconds", false,
     "measure the backend"},
};

bool contains_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto blank = words.find(' ');
    if (words.substr(0, blank) == word) return true;
    words.remove_prefix(blank == std::string_view::npos ? words.size() : blank + 1);
  }
  return false;
}

// The words of a command line, one after the other; `--option=value` counts as two.
class Words {
 public:
  explicit Words(std::span<const std::string> words) : rest_(words) {}
  bool empty() const { return rest_.empty(); }
  std::string next() {
    std::string word = rest_.front();
    rest_ = rest_.subspan(1);
    const auto equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    if (equals == std::string::npos) return word;
    attached_ = word.substr(equals + 1);
    return word.substr(0, equals);
  }
  std::string value_of(const std::string& option) {
    if (attached_) return *std::exchange(attached_, std::nullopt);
    if (rest_.empty()) throw UsageError("option " + option + " needs a value");
    std::string value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  /// After each option: nobody has taken what was attached to it.
  void expect_no_value(const std::string& option) const {
    if (attached_) throw UsageError("option " + option + " takes no value");
  }
  std::vector<std::string> all() const { return {rest_.begin(), rest_.end()}; }

 private:
  std::span<const std::string> rest_;
  std::optional<std::string> attached_;
};

bool parse_global(const std::string& word, Words& words, CommandLine& line) {
  if (word == "--backend") {
    line.backend = words.value_of(word);
  } else if (word == "--member") {
    line.member = words.value_of(word);
  } else if (word == "--lease") {
    const auto lease = base::parse_duration(words.value_of(word));
    if (!lease || lease->count() == 0) throw UsageError("--lease needs a time such as 10s");
    line.lease = *lease;
  } else if (word == "--debug") {
    line.debug = true;
  } else if (word == "--help" || word == "-h") {
    line.help = true;
  } else {
    return false;
  }
  words.expect_no_value(word);
  return true;
}

void parse_word(const Command& command, const std::string& word, Words& words, CommandLine& line) {
  if (parse_global(word, words, line)) return;
  if (word.size() < 2 || word.front() != '-') {
    line.arguments.push_back(word);
    return;
  }
  const std::string name = word.substr(word.starts_with("--") ? 2 : 1);
  if (contains_word(command.flags, name))
    line.options[name] = "";
  else if (contains_word(command.valued, name))
    line.options[name] = words.value_of(word);
  else
    throw UsageError("unknown option " + word + " of " + line.command);
  words.expect_no_value(word);
}

const Command& command_named(const std::string& name) {
  const auto* found = std::ranges::find(kCommands, name, &Command::name);
  if (found == std::end(kCommands)) throw UsageError("unknown command " + name);
  return *found;
}

}  // namespace

base::Env::Duration CommandLine::duration(std::string_view option,
                                          base::Env::Duration fallback) const {
  const auto it = options.find(option);
  if (it == options.end()) return fallback;
  const auto value = base::parse_duration(it->second);
  if (!value)
    throw UsageError("--" + std::string(option) + " needs a time such as 10s, not " + it->second);
  return *value;
}

CommandLine parse_command_line(const std::vector<std::string>& all) {
  CommandLine line;
  if (const char* backend = std::getenv("TOOZ_BACKEND")) line.backend = backend;
  Words words(all);
  while (!words.empty() && line.command.empty()) {
    const std::string word = words.next();
    if (parse_global(word, words, line)) continue;
    if (word.starts_with('-')) throw UsageError("unknown option " + word);
    line.command = word;
  }
  if (line.help) return line;
  if (line.command.empty()) throw UsageError("a command is missing");
  const Command& command = command_named(line.command);
  while (!words.empty()) {
    const std::string word = words.next();
    if (word == "--" && command.program) {
      line.program = words.all();
      break;
    }
    parse_word(command, word, words, line);
  }
  if (line.help) return line;
  if (line.arguments.size() < command.least || line.arguments.size() > command.most)
    throw UsageError(line.command + " takes " + (command.most == 0 ? "no argument" : "") +
                     std::string(command.arguments));
  if (needs_program(line.command) && line.program.empty())
    throw UsageError(line.command + " needs a program behind --");
  if (line.backend.empty() && line.command != "drivers")
    throw UsageError("--backend URL is missing (or TOOZ_BACKEND in the environment)");
  return line;
}

std::string usage() {
  std::string text =
      "usage: toozctl --backend URL [--member ID] [--lease 10s] [--debug] COMMAND\n\n";
  for (const auto& c : kCommands) {
    std::string left = "  " + std::string(c.name) + " " + std::string(c.arguments);
    for (std::string_view rest = c.flags; !rest.empty();) {
      const auto blank = rest.find(' ');
      left += " [--" + std::string(rest.substr(0, blank)) + "]";
      rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
    }
    for (std::string_view rest = c.valued; !rest.empty();) {
      const auto blank = rest.find(' ');
      const std::string name(rest.substr(0, blank));
      left += name.size() == 1 ? " [-" + name + " N]" : " [--" + name + " …]";
      rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
    }
    if (c.program) left += needs_program(c.name) ? " -- PROGRAM…" : " [-- PROGRAM…]";
    text += left + "\n        " + std::string(c.does) + "\n";
  }
  return text +
         "\nexit codes: 0 done, 1 a negative answer, 2 usage, 3 backend unreachable, 75 lock not "
         "acquired\n(-E sets another), 76 lock lost, else the program's own\n";
}

}  // namespace toozctl
