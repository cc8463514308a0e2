#pragma once
#include "inspector/api/router.h"

namespace inspector {

/// Everything that the API answers.
std::span<const Route> routes() noexcept;

}  // namespace inspector
