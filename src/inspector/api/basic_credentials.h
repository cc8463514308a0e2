#pragma once
#include <string>
#include <string_view>

namespace inspector {

struct BasicCredentials {
  std::string user;
  std::string password;
};

/// Takes the value of an Authorization header apart. Throws Error{kBadRequest} with upstream's
/// texts for one that is malformed or of another scheme.
BasicCredentials parse_basic(std::string_view authorization);

}  // namespace inspector
