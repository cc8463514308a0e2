#pragma once
#include "inspector/conductor/directory.h"
#include "inspector/conductor/takeover.h"

#include <string_view>

namespace inspector {

/// What the conductors that are in the group now would each begin with: a hash ring over them, by
/// the operation. All who see the same members come to the same parts. Who is not in the group, or
/// sees nobody there, has a part of his own. Blocks as ConductorDirectory::endpoints().
Takeover::Share share_of(ConductorDirectory& directory, std::string_view member);

}  // namespace inspector
