#include "inspector/config/command_line.h"

#include "inspector/config/version.h"

#include <charconv>
#include <iostream>

namespace inspector {
namespace {

using Set = void (*)(CommandLine&, const std::string& value);

struct Option {
  std::string_view name;
  char letter;                ///< 0: none
  std::string_view argument;  ///< empty: a flag
  Set set;
  std::string_view help;  ///< empty: another spelling, not shown
};

std::uint16_t parse_port(const std::string& text) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failed != std::errc() || end != text.data() + text.size())
    throw UsageError("argument --port: '" + text + "' is not a number from 0 to 65535");
  return port;
}

constexpr Option kListening[] = {
    {"port", 'p', "PORT", [](CommandLine& c, const std::string& v) { c.port = parse_port(v); },
     "TCP port to listen on (default 8000; 0: any free one)"},
    {"host", 'b', "HOST", [](CommandLine& c, const std::string& v) { c.host = v; },
     "address to listen on (default: all)"},
};

constexpr Option kMoving[] = {
    {"from", 0, "STORE", [](CommandLine& c, const std::string& v) { c.from = v; },
     "where the data is: database or swift"},
    {"to", 0, "STORE", [](CommandLine& c, const std::string& v) { c.to = v; }, "where it is to be"},
};

/// What only some programs have.
std::span<const Option> own_options(const Program& program) {
  if (program.listens) return kListening;
  if (program.moves_data) return kMoving;
  return {};
}

constexpr Option kCommon[] = {
    {"help", 'h', "", [](CommandLine& c, const std::string&) { c.help = true; }, "show this text"},
    {"version", 0, "", [](CommandLine& c, const std::string&) { c.version = true; },
     "show the version"},
    {"config-file", 0, "FILE",
     [](CommandLine& c, const std::string& v) { c.config_files.push_back(v); },
     "configuration file, may be repeated: later ones win"},
    {"config-dir", 0, "DIR",
     [](CommandLine& c, const std::string& v) { c.config_dirs.push_back(v); },
     "directory whose *.conf are read after the files"},
    {"debug", 'd', "", [](CommandLine& c, const std::string&) { c.debug = true; },
     "log more, and tell clients what an internal error was"},
    {"nodebug", 0, "", [](CommandLine& c, const std::string&) { c.debug = false; }, ""},
    {"log-file", 0, "FILE", [](CommandLine& c, const std::string& v) { c.log_file = v; },
     "log into this file instead of stderr"},
    {"logfile", 0, "FILE", [](CommandLine& c, const std::string& v) { c.log_file = v; }, ""},
    {"log-dir", 0, "DIR", [](CommandLine& c, const std::string& v) { c.log_dir = v; },
     "directory of a relative --log-file"},
    {"logdir", 0, "DIR", [](CommandLine& c, const std::string& v) { c.log_dir = v; }, ""},
    {"watch-log-file", 0, "", [](CommandLine& c, const std::string&) { c.watch_log_file = true; },
     "no rotation; a log file that is moved away is made again in any case"},
    {"nowatch-log-file", 0, "",
     [](CommandLine& c, const std::string&) { c.watch_log_file = false; }, ""},
    {"use-json", 0, "", [](CommandLine& c, const std::string&) { c.use_json = true; },
     "log lines of JSON"},
    {"nouse-json", 0, "", [](CommandLine& c, const std::string&) { c.use_json = false; }, ""},
    {"use-syslog", 0, "", [](CommandLine& c, const std::string&) { c.use_syslog = true; },
     "log to syslog"},
    {"nouse-syslog", 0, "", [](CommandLine& c, const std::string&) { c.use_syslog = false; }, ""},
    {"syslog-log-facility", 0, "NAME",
     [](CommandLine& c, const std::string& v) { c.syslog_facility = v; },
     "facility there (default LOG_USER)"},
    {"use-journal", 0, "", [](CommandLine& c, const std::string&) { c.use_journal = true; },
     "log to systemd's journal"},
    {"nouse-journal", 0, "", [](CommandLine& c, const std::string&) { c.use_journal = false; }, ""},
    {"log-date-format", 0, "FORMAT",
     [](CommandLine& c, const std::string& v) { c.date_format = v; },
     "of the times in log lines, as for strftime"},
    {"log-config-append", 0, "FILE", [](CommandLine& c, const std::string& v) { c.log_config = v; },
     "file of Python's logging module, which then says where the log goes"},
    {"log-config", 0, "FILE", [](CommandLine& c, const std::string& v) { c.log_config = v; }, ""},
    {"log_config", 0, "FILE", [](CommandLine& c, const std::string& v) { c.log_config = v; }, ""},
};

class Parser {
 public:
  Parser(const Program& program, std::span<const char* const> arguments)
      : program_(program), arguments_(arguments) {}

  CommandLine parse() {
    while (next_ < arguments_.size()) {
      const std::string argument = arguments_[next_++];
      if (argument == "--") {
        if (program_.listens) continue;
        take_rest(next_);
      } else if (argument.starts_with("--")) {
        take_long(argument.substr(2));
      } else if (argument.size() > 1 && argument.front() == '-') {
        take_letter(argument);
      } else {
        take_rest(next_ - 1);
      }
    }
    return std::move(result_);
  }

 private:
  void take_rest(std::size_t from) {
    if (program_.commands.empty() && from < arguments_.size())
      throw UsageError("unrecognized argument: " + std::string(arguments_[from]));
    for (; from < arguments_.size(); ++from)
      result_.command.emplace_back(arguments_[from]);
    next_ = arguments_.size();
  }

  void take_long(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    std::optional<std::string> value;
    if (equals != std::string::npos) value = text.substr(equals + 1);
    if (const Option* option = find([&](const Option& o) { return o.name == name; })) {
      option->set(result_, argument_of(name, !option->argument.empty(), value));
      return;
    }
    throw UsageError("unrecognized argument: --" + name);
  }

  void take_letter(const std::string& text) {
    const Option* option = find([&](const Option& o) { return o.letter == text[1]; });
    if (!option) throw UsageError("unrecognized argument: " + text);
    std::optional<std::string> value;
    if (text.size() > 2) value = text.substr(2);
    option->set(result_, argument_of(std::string(option->name), !option->argument.empty(), value));
  }

  template <class Predicate>
  const Option* find(Predicate matches) const {
    for (const Option& option : kCommon)
      if (matches(option)) return &option;
    for (const Option& option : own_options(program_))
      if (matches(option)) return &option;
    return nullptr;
  }

  std::string argument_of(const std::string& name, bool has_argument,
                          const std::optional<std::string>& attached) {
    if (!has_argument) {
      if (attached) throw UsageError("argument --" + name + " takes no value");
      return {};
    }
    if (attached) return *attached;
    if (next_ == arguments_.size()) throw UsageError("argument --" + name + ": expected a value");
    return arguments_[next_++];
  }

  const Program& program_;
  std::span<const char* const> arguments_;
  std::size_t next_ = 0;
  CommandLine result_;
};

void append_help(std::string& text, const Option& option) {
  if (option.help.empty()) return;
  std::string left = "  ";
  if (option.letter) left += std::string("-") + option.letter + ", ";
  left += "--" + std::string(option.name);
  if (!option.argument.empty()) left += " " + std::string(option.argument);
  left.resize(std::max<std::size_t>(left.size() + 2, 26), ' ');
  text += left + std::string(option.help) + "\n";
}

}  // namespace

CommandLine parse_command_line(const Program& program, std::span<const char* const> arguments) {
  return Parser(program, arguments).parse();
}

std::string help_text(const Program& program) {
  std::string text = "usage: " + std::string(program.name);
  text += program.listens ? " [-p PORT] [-b HOST] [-- OPTION...]" : " [OPTION...]";
  if (program.moves_data) text += " --from STORE --to STORE";
  if (!program.commands.empty()) text += " " + std::string(program.commands);
  text += "\n\n" + std::string(program.summary) + "\n\n";
  for (const Option& option : own_options(program))
    append_help(text, option);
  for (const Option& option : kCommon)
    append_help(text, option);
  return text;
}

int run_program(const Program& program, int argc, const char* const* argv,
                const std::function<int(const CommandLine&)>& body) {
  try {
    const std::span<const char* const> all(argv, static_cast<std::size_t>(argc));
    const CommandLine line = parse_command_line(program, all.subspan(all.empty() ? 0 : 1));
    if (line.help) {
      std::cout << help_text(program);
      return 0;
    }
    if (line.version) {
      std::cout << kVersion << "\n";
      return 0;
    }
    return body(line);
  } catch (const UsageError& error) {
    std::cerr << program.name << ": " << error.what() << " (see --help)\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}

}  // namespace inspector
