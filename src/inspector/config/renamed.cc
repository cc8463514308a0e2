#include "inspector/config/renamed.h"

#include "base/ini.h"

namespace inspector {

std::string renamed_text(const base::Ini& ini, std::initializer_list<OptionName> names,
                         std::string_view fallback) {
  std::optional<std::string> found;
  for (const OptionName& name : names) {
    std::optional<std::string> value = ini.text(name.section, name.option);
    if (!found) found = std::move(value);
  }
  return found.value_or(std::string(fallback));
}

}  // namespace inspector
