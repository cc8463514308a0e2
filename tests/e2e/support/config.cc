#include "tests/e2e/support/config.h"

#include <fstream>

namespace e2e {

std::string Config::text() const {
  std::string out;
  for (const auto& [section, options] : sections_) {
    out += "[" + section + "]\n";
    for (const auto& [option, value] : options)
      out += option + " = " + value + "\n";
  }
  return out;
}

void Config::write(const std::filesystem::path& file) const { std::ofstream(file) << text(); }

}  // namespace e2e
