#pragma once
#include <string>
#include <string_view>

namespace base {
class Ini;
}

namespace inspector {

/// The name of a file that has to be there; empty: the option is not set. Throws base::ConfigError
/// when it cannot be opened for reading.
std::string named_file(const base::Ini& ini, std::string_view section, std::string_view option);

}  // namespace inspector
