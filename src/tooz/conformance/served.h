#pragma once
#include "tests/support/coordination_server.h"
#include "tests/support/proxy.h"
#include "tooz/driver.h"

namespace tooz::conformance {

/// The kinds of servers whose drivers are in this build.
std::vector<support::CoordinationKind> served_kinds();

/// The driver of the URL's scheme opens it.
std::unique_ptr<Backend> open_by_scheme(Env& env, const std::string& url);

/// Whether the long forms of tests are wanted: TOOZ_NIGHTLY is set.
bool nightly();

}  // namespace tooz::conformance
