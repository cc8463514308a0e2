#pragma once
#include "inspector/policy/check.h"

#include <string>

namespace inspector {

/// The rules of a policy file, YAML or JSON: names and checks, as text or as oslo.policy's older
/// lists (of alternatives, each a list of what must hold together). A check that cannot be parsed
/// is never passed, and logged. Throws std::runtime_error naming file and line for what is no
/// policy file.
PolicyRules read_policy_file(const std::string& file);

}  // namespace inspector
