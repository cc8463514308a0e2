#include "inspector/config/check.h"

#include "base/ini.h"

#include <algorithm>
#include <string_view>

namespace inspector {
namespace {

constexpr std::string_view kKnownOptions[] = {
#include "inspector/config/known_options.inc"
};

}  // namespace

std::vector<std::string> unused_options(const base::Ini& ini) {
  std::vector<std::string> texts;
  for (const std::string& found : ini.unknown()) {
    const std::string_view name = std::string_view(found).substr(0, found.find(" ("));
    const bool known = std::binary_search(std::begin(kKnownOptions), std::end(kKnownOptions), name);
    texts.push_back(known ? "option has no effect here: " + found
                          : "unknown option is ignored: " + found);
  }
  return texts;
}

}  // namespace inspector
