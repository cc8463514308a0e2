#include "tooz/conformance/served.h"

#include "tooz/url.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace tooz::conformance {

std::vector<support::CoordinationKind> served_kinds() {
  auto kinds = support::coordination_kinds();
  std::erase_if(kinds, [](const support::CoordinationKind& kind) {
    return std::ranges::find(drivers(), kind.scheme, &Driver::scheme) == drivers().end();
  });
  return kinds;
}

std::unique_ptr<Backend> open_by_scheme(Env& env, const std::string& text) {
  const Url url = parse_url(text);
  const auto driver = std::ranges::find(drivers(), url.scheme, &Driver::scheme);
  if (driver == drivers().end()) throw std::runtime_error("no driver for " + url.scheme);
  return driver->open(env, url);
}

bool nightly() { return std::getenv("TOOZ_NIGHTLY") != nullptr; }

}  // namespace tooz::conformance
