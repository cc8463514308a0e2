#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace base {
class Ini;
}

namespace inspector {

struct OptionName {
  std::string_view section;
  std::string_view option;
};

/// The value of an option that has had other names: the first of `names` that is set, `fallback`
/// when none is. All of them count as asked for.
std::string renamed_text(const base::Ini& ini, std::initializer_list<OptionName> names,
                         std::string_view fallback);

}  // namespace inspector
