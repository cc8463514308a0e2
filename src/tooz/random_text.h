#pragma once
#include "base/env.h"

#include <string>

namespace tooz {

std::string random_bytes(base::Env& env);  ///< 16 bytes by chance, as of a UUID
std::string random_text(base::Env& env);   ///< the same as 32 hex digits

}  // namespace tooz
