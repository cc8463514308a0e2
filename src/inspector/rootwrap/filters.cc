#include "inspector/rootwrap/filters.h"

#include "base/ini.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace inspector {
namespace {

namespace fs = std::filesystem;
using Filter = RootwrapFilter;
using Words = std::vector<std::string>;

constexpr std::string_view kBlanks = " \t\r\n";

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(kBlanks);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(kBlanks) - from + 1));
}

Words split(std::string_view text, char separator) {
  Words words;
  while (true) {
    const std::size_t at = text.find(separator);
    words.push_back(trimmed(text.substr(0, at)));
    if (at == std::string_view::npos) return words;
    text.remove_prefix(at + 1);
  }
}

std::optional<Filter::Kind> kind_of(std::string_view name) {
  if (name == "CommandFilter") return Filter::Kind::kCommand;
  if (name == "RegExpFilter") return Filter::Kind::kRegExp;
  if (name == "PathFilter") return Filter::Kind::kPath;
  return std::nullopt;
}

/// The filters know no references to other options: a dollar is a dollar.
base::Ini read_plain(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw base::ConfigError(file.string() + ": cannot be read");
  std::stringstream raw;
  raw << in.rdbuf();
  std::string text;
  for (const char c : raw.str())
    text.append(c == '$' ? 2 : 1, c);
  base::Ini ini;
  ini.read_text(text, file.string());
  return ini;
}

void read_filters(const fs::path& file, RootwrapConfig& config) {
  for (const auto& [name, value] : read_plain(file).section("Filters")) {
    const Words words = split(value, ',');
    const std::optional<Filter::Kind> kind = kind_of(words[0]);
    if (!kind) {
      config.notes.push_back(file.string() + ": " + name + ": a " + words[0] +
                             " permits nothing here");
      continue;
    }
    if (words.size() < 3 || words[1].empty() || words[2].empty())
      throw base::ConfigError(file.string() + ": " + name + " = " + value +
                              ": expected KIND, PROGRAM, USER");
    config.filters.push_back(
        {name, *kind, words[1], words[2], Words(words.begin() + 3, words.end())});
  }
}

void read_folder(const fs::path& folder, RootwrapConfig& config) {
  std::error_code missing;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, missing))
    if (entry.is_regular_file() && !entry.path().filename().string().starts_with('.'))
      files.push_back(entry.path());
  std::ranges::sort(files);
  for (const fs::path& file : files)
    read_filters(file, config);
}

std::string base_name(const std::string& program) { return fs::path(program).filename(); }

/// Patterns are of the administrator's files, arguments of the caller: a long one is not looked at.
bool matches(const std::string& pattern, const std::string& text) {
  constexpr std::size_t kLongest = 4096;  // std::regex recurses by the length
  if (text.size() > kLongest) return false;
  try {
    return std::regex_match(text, std::regex(pattern));
  } catch (const std::regex_error&) {
    return false;
  }
}

bool lies_in(const std::string& path, const std::string& folder) {
  if (!path.starts_with('/')) return false;
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(path, failed);
  if (failed) return false;
  const fs::path inside = fs::weakly_canonical(folder, failed);
  if (failed) return false;
  const auto [end, _] = std::ranges::mismatch(inside, real);
  return end == inside.end();
}

bool permits_arguments(const Filter& filter, const Words& command) {
  const std::size_t count = filter.arguments.size();
  if (filter.kind == Filter::Kind::kRegExp) {
    if (command.size() != count) return false;
    return std::ranges::equal(filter.arguments, command, matches);
  }
  if (command.size() != count + 1) return false;
  return std::ranges::equal(
      filter.arguments.begin(), filter.arguments.end(), command.begin() + 1, command.end(),
      [](const std::string& wanted, const std::string& given) {
        return wanted == "pass" ||
               (wanted.starts_with('/') ? lies_in(given, wanted) : given == wanted);
      });
}

/// The program to run for the command; empty: the filter does not permit it.
std::string program_for(const Filter& filter, const Words& command) {
  if (filter.kind == Filter::Kind::kRegExp)
    return permits_arguments(filter, command) ? filter.program : std::string();
  const std::string name = base_name(filter.program);
  if (filter.kind == Filter::Kind::kCommand) {
    if (command[0] == name) return filter.program;
    const bool tables = name == "iptables" || name == "ip6tables";
    return tables && command[0] == name + "-restore" ? filter.program + "-restore" : std::string();
  }
  return command[0] == name && permits_arguments(filter, command) ? filter.program : std::string();
}

std::string find_program(const std::string& program, const Words& folders) {
  if (program.starts_with('/')) return access(program.c_str(), X_OK) == 0 ? program : std::string();
  for (const std::string& folder : folders) {
    std::string path = folder + "/" + program;
    if (folder.starts_with('/') && access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

}  // namespace

RootwrapConfig read_rootwrap(const fs::path& file, std::string_view path) {
  base::Ini ini;
  ini.read_file(file);
  RootwrapConfig config{.filters = {},
                        .exec_dirs = ini.list("DEFAULT", "exec_dirs", ""),
                        .notes = {},
                        .use_syslog = ini.boolean("DEFAULT", "use_syslog", false)};
  if (config.exec_dirs.empty()) config.exec_dirs = split(path, ':');
  const Words folders = ini.list("DEFAULT", "filters_path", "");
  if (folders.empty())
    throw base::ConfigError(file.string() + ": [DEFAULT]filters_path is not set");
  for (const std::string& folder : folders)
    read_folder(folder, config);
  return config;
}

std::optional<Words> permitted(const RootwrapConfig& config, const Words& command) {
  std::string missing;
  for (const Filter& filter : config.filters) {
    const std::string program = program_for(filter, command);
    if (program.empty()) continue;
    const std::string path = find_program(program, config.exec_dirs);
    if (path.empty()) {
      missing = program + " (filter match = " + filter.name + ")";
      continue;
    }
    Words out = command;
    out[0] = path;
    if (filter.run_as != "root") out.insert(out.begin(), {"/usr/bin/sudo", "-u", filter.run_as});
    return out;
  }
  if (!missing.empty()) throw ProgramNotFound(missing);
  return std::nullopt;
}

}  // namespace inspector
