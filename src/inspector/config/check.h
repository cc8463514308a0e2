#pragma once
#include <string>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// Throws base::ConfigError, naming section, option, value and what is accepted, when an option
/// asks for something that this version does not have: nothing asked for is silently left out,
/// least of all what protects.
void refuse_unsupported(const base::Ini& ini);

/// One text for each option that is set and that nobody has asked for: upstream's options that have
/// no effect here, and names that nobody knows. Call when every section has been read.
std::vector<std::string> unused_options(const base::Ini& ini);

}  // namespace inspector
