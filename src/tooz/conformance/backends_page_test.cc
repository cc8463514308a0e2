#include "tests/paths/paths.h"
#include "tooz/driver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace tooz {
namespace {

std::string row(const Driver& driver) {
  const auto cell = [](bool value) { return value ? " yes |" : " no |"; };
  const Features& f = driver.features;
  return "| `" + std::string(driver.scheme) + "://` |" + cell(f.survives_restart) +
         cell(f.linearizable) + cell(f.notifies) + cell(f.evicts) + cell(f.across_hosts) + " " +
         std::to_string(f.max_value) + " |";
}

bool left_out(const std::string& line) {
  return std::ranges::any_of(drivers_left_out(), [&](std::string_view scheme) {
    return line.starts_with("| `" + std::string(scheme) + "://`");
  });
}

TEST(BackendsPage, ShowsWhatTheDriversPromise) {
  std::ifstream page(support::source_path("docs/backends.md"));
  std::vector<std::string> shown;
  for (std::string line; std::getline(page, line);)
    if (line.starts_with("| `") && line.find("://` |") != std::string::npos && !left_out(line))
      shown.push_back(line);
  std::vector<std::string> promised;
  for (const Driver& driver : drivers())
    promised.push_back(row(driver));
  EXPECT_EQ(shown, promised);
}

}  // namespace
}  // namespace tooz
