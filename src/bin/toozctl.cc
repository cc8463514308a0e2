#include <cstdio>
#include <iostream>

#include "base/log_options.h"
#include "tooz/error.h"
#include "toozctl/commands.h"
#include "toozctl/signals.h"

namespace {

int exit_code(const tooz::Error& e) {
  switch (static_cast<tooz::Errc>(e.code().value())) {
    case tooz::Errc::kNoSuchGroup:
    case tooz::Errc::kBadWeight:
      return toozctl::kNegative;
    case tooz::Errc::kBadName:
    case tooz::Errc::kBadUrl:
    case tooz::Errc::kTooLarge:
    case tooz::Errc::kUnsuitable:
    case tooz::Errc::kOtherPermits:
      return toozctl::kUsage;
    default:
      return toozctl::kUnreachable;
  }
}

}  // namespace

int main(int argc, char** argv) {
  toozctl::Signals::block();
  try {
    const auto line = toozctl::parse_command_line({argv + 1, argv + argc});
    if (line.help) {
      std::cout << toozctl::usage();
      return toozctl::kDone;
    }
    base::configure_log({.debug = line.debug});
    return toozctl::run(base::system_env(), line);
  } catch (const toozctl::UsageError& e) {
    std::cerr << "toozctl: " << e.what() << "\ntry `toozctl --help`\n";
    return toozctl::kUsage;
  } catch (const tooz::Error& e) {
    std::cerr << "toozctl: " << e.what() << "\n";
    return exit_code(e);
  } catch (const std::exception& e) {
    std::cerr << "toozctl: " << e.what() << "\n";
    return toozctl::kUnreachable;
  }
}
