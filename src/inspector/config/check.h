#pragma once
#include <string>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// One text for each option that is set and that nobody has asked for: upstream's options that have
/// no effect here, and names that nobody knows. Call when every section has been read.
std::vector<std::string> unused_options(const base::Ini& ini);

}  // namespace inspector
