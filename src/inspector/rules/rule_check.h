#pragma once
#include "inspector/rules/rule.h"

namespace inspector {

/// The rule that a request describes: `uuid` (may be missing: empty then), `description`, `scope`,
/// `conditions`, `actions`; other names are ignored. Throws inspector::Error{kBadRequest} with
/// upstream's texts.
Rule checked_rule(const boost::json::object& request);

}  // namespace inspector
