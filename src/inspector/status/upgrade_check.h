#pragma once
#include <iosfwd>
#include <string>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

struct CommandLine;
struct SearchPaths;

/// What `ironic-inspector-status upgrade check` looks at before an upgrade: upstream's one check,
/// that the policy file is not JSON. Prints upstream's table on `out`. Returns the exit code: 0
/// success, 2 something must be done first.
int run_upgrade_check(const base::Ini& ini, const CommandLine& line, const SearchPaths& paths,
                      std::ostream& out);

}  // namespace inspector
