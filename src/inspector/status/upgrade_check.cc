#include "inspector/status/upgrade_check.h"

#include "base/ini.h"
#include "inspector/config/command_line.h"
#include "inspector/config/files.h"
#include "inspector/config/renamed.h"

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

namespace inspector {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWidth = 60;  ///< of the details

std::string find_policy(const std::string& name, const CommandLine& line,
                        const SearchPaths& paths) {
  std::error_code unreadable;
  for (const std::string& place : places_of(name, line, paths))
    if (fs::path(name).is_absolute() || fs::exists(place, unreadable)) return place;
  return {};
}

bool is_json(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  boost::json::error_code error;
  boost::json::parse(text.str(), error);
  return in && !error;
}

std::vector<std::string> wrapped(std::string_view text) {
  std::vector<std::string> lines = {""};
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (lines.back().size() + word.size() + 1 > kWidth) lines.emplace_back("  ");
    if (lines.back().find_first_not_of(' ') != std::string::npos) lines.back() += ' ';
    lines.back() += word;
  }
  return lines;
}

void print_row(std::ostream& out, const std::vector<std::string>& lines, std::size_t width) {
  for (const std::string& line : lines)
    out << "| " << line << std::string(width - line.size(), ' ') << " |\n";
  out << '+' << std::string(width + 2, '-') << "+\n";
}

void print_table(std::ostream& out, std::vector<std::string> cell) {
  const std::string title = "Upgrade Check Results";
  std::size_t width = title.size();
  for (const std::string& line : cell)
    width = std::max(width, line.size());
  out << '+' << std::string(width + 2, '-') << "+\n";
  print_row(out, {title}, width);
  print_row(out, cell, width);
}

}  // namespace

int run_upgrade_check(const base::Ini& ini, const CommandLine& line, const SearchPaths& paths,
                      std::ostream& out) {
  const std::string name = renamed_text(
      ini, {{"oslo_policy", "policy_file"}, {"DEFAULT", "policy_file"}}, "policy.yaml");
  const std::string path = find_policy(name, line, paths);
  const bool failed = !path.empty() && is_json(path);
  std::vector<std::string> cell = {"Check: Policy File JSON to YAML Migration",
                                   failed ? "Result: Failure" : "Result: Success"};
  if (!failed) {
    cell.emplace_back("Details: None");
  } else {
    auto lines = wrapped(
        "Your policy file is JSON-formatted which is deprecated. You need to switch to "
        "YAML-formatted file. Use the ``oslopolicy-convert-json-to-yaml`` tool to convert the "
        "existing JSON-formatted files to YAML in a backwards-compatible manner: "
        "https://docs.openstack.org/oslo.policy/latest/cli/"
        "oslopolicy-convert-json-to-yaml.html.");
    lines.front().insert(0, "Details: ");
    cell.insert(cell.end(), lines.begin(), lines.end());
  }
  print_table(out, std::move(cell));
  return failed ? 2 : 0;
}

}  // namespace inspector
