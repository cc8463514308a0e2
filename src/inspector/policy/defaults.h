#pragma once
#include "inspector/policy/check.h"

namespace inspector {

/// The rules that hold where no file says otherwise. Without `enforce_new_defaults` those of old
/// releases let somebody in too.
PolicyRules default_policy(bool enforce_new_defaults);

}  // namespace inspector
