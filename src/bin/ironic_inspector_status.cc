// Tells whether an upgrade may go on.
#include "base/ini.h"
#include "inspector/config/command_line.h"
#include "inspector/config/files.h"
#include "inspector/status/upgrade_check.h"

#include <iostream>

namespace {

using namespace inspector;

constexpr std::string_view kName = "ironic-inspector-status";
constexpr std::string_view kCommands = "upgrade check";

int run(const CommandLine& line) {
  if (line.command != std::vector<std::string>{"upgrade", "check"}) {
    std::cerr << "usage: " << kName << " [OPTION...] " << kCommands << "\n";
    return 2;
  }
  try {
    const SearchPaths paths = default_search_paths();
    return run_upgrade_check(read_config(line, kName, paths), line, paths, std::cout);
  } catch (const std::exception& e) {
    std::cerr << kName << ": " << e.what() << "\n";
    return 255;
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run_program({.name = kName,
                      .summary = "Checks what must be done before an upgrade.",
                      .commands = kCommands},
                     argc, argv, run);
}
