#pragma once
#include "tooz/backend.h"

#include <string>
#include <string_view>
#include <vector>

namespace tooz {

/// Groups as such: a key without a lease each. They throw tooz::Error.
bool create_group(Backend& backend, std::string_view group);  ///< false: it exists
bool remove_group(Backend& backend, std::string_view group);  ///< false: absent, or not empty
std::vector<std::string> list_groups(Backend& backend);

}  // namespace tooz
