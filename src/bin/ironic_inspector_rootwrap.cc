// Runs, as root through sudo, what an administrator's filters permit: oslo.rootwrap's command, for
// the PXE filters of an inspector that is not root.
#include "base/ini.h"
#include "inspector/rootwrap/filters.h"

#include <syslog.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace {

// oslo.rootwrap's exit codes
constexpr int kUnauthorized = 99;
constexpr int kNoCommand = 98;
constexpr int kBadConfig = 97;
constexpr int kNotFound = 96;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

int fail(int code, const std::string& text) {
  std::cerr << "ironic-inspector-rootwrap: " << text << "\n";
  return code;
}

int execute(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command)
    words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execv(words[0], words.data());
  return fail(kNotFound, command[0] + ": " + std::strerror(errno));
}

int run(const std::string& config_file, const std::vector<std::string>& command) {
  const char* path = std::getenv("PATH");
  const inspector::RootwrapConfig config =
      inspector::read_rootwrap(config_file, path != nullptr ? path : "");
  if (config.use_syslog) openlog("ironic-inspector-rootwrap", LOG_PID, LOG_AUTHPRIV);
  const auto allowed = inspector::permitted(config, command);
  if (!allowed) {
    if (config.use_syslog) syslog(LOG_ERR, "refused: %s", joined(command).c_str());
    for (const std::string& note : config.notes)
      std::cerr << "ironic-inspector-rootwrap: " << note << "\n";
    return fail(kUnauthorized, "Unauthorized command: " + joined(command) + " (no filter matched)");
  }
  if (config.use_syslog) syslog(LOG_INFO, "runs: %s", joined(*allowed).c_str());
  return execute(*allowed);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 2 || arguments[1].empty())
    return fail(
        kNoCommand,
        "No command specified; usage: ironic-inspector-rootwrap CONFIG COMMAND [ARGUMENT...]");
  try {
    return run(arguments[0], {arguments.begin() + 1, arguments.end()});
  } catch (const base::ConfigError& e) {
    return fail(kBadConfig, std::string("Incorrect configuration file: ") + e.what());
  } catch (const inspector::ProgramNotFound& e) {
    return fail(kNotFound, std::string("Executable not found: ") + e.what());
  } catch (const std::exception& e) {
    return fail(kBadConfig, e.what());
  }
}
