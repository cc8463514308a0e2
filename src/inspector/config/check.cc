#include "inspector/config/check.h"

#include "base/ini.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace inspector {
namespace {

constexpr std::string_view kKnownOptions[] = {
#include "inspector/config/known_options.inc"
};

/// An option with a fixed set of values, of which upstream has more.
struct Choice {
  std::string_view section;
  std::string_view option;
  std::string_view upstreams_default;
  std::string_view accepted;  ///< separated by ", "
};
constexpr Choice kChoices[] = {
    {"processing", "store_data", "none", "none, database"},
};

bool is_one_of(std::string_view value, std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = list.find(", ");
    if (list.substr(0, comma) == value) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 2);
  }
  return false;
}

void check_choice(const base::Ini& ini, const Choice& choice) {
  const std::optional<std::string> value = ini.text(choice.section, choice.option);
  const std::string why =
      "not available in this version; accepted: " + std::string(choice.accepted);
  if (value && !is_one_of(*value, choice.accepted))
    throw ini.error(choice.section, choice.option, why);
  if (!value && !is_one_of(choice.upstreams_default, choice.accepted))
    throw base::ConfigError("[" + std::string(choice.section) + "]" + std::string(choice.option) +
                            " = " + std::string(choice.upstreams_default) +
                            " (the default, because it is not set): " + why);
}

}  // namespace

void refuse_unsupported(const base::Ini& ini) {
  for (const Choice& choice : kChoices)
    check_choice(ini, choice);
}

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
