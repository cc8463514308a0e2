#pragma once
#include <map>
#include <string>
#include <string_view>

namespace inspector {

/// The users of an Apache htpasswd file and the bcrypt hashes of their passwords.
using Users = std::map<std::string, std::string, std::less<>>;

/// Lines without a colon are skipped; the first line of a user counts. Throws std::runtime_error
/// with upstream's text for a hash that is not bcrypt.
Users parse_htpasswd(std::string_view text);

/// Whether `password` is the one behind `hash`. Takes as long as the hash's cost says (tenths of a
/// second), whatever the outcome.
bool password_matches(std::string_view password, const std::string& hash);

}  // namespace inspector
