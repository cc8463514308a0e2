#pragma once
#include "base/env.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tooz {

/// A backend's URL taken apart:
/// scheme://[user:password@]host[:port][,host[:port]...][/path][?options]. Percent escapes are
/// decoded, an IPv6 host stands without its brackets. The last of a repeated option wins (as in
/// Python's tooz).
struct Url {
  struct Host {
    std::string name;
    std::uint16_t port = 0;  ///< 0: the driver's usual one
  };
  std::string scheme;
  std::string user;
  std::string password;
  std::vector<Host> hosts;
  std::string path;  ///< with its leading slash; empty: none
  std::map<std::string, std::string, std::less<>> options;
  std::vector<std::pair<std::string, std::string>> repeated;  ///< all of them, as they were given

  /// The URL without password, for logs and errors.
  std::string safe() const;

  /// Error{kBadUrl} unless every option is one of `known`; names the first that is not, and the
  /// scheme.
  void accept_options(std::span<const std::string_view> known) const;

  std::optional<std::string> option(std::string_view name) const;
  /// Of an option that may be given several times: all, in their order.
  std::vector<std::string> all(std::string_view name) const;
  /// `5`, `0.5`, `500ms`, `5s`, `2m`: seconds unless a unit follows. Error{kBadUrl} for anything
  /// else and for what is not positive; names option and value.
  std::optional<base::Env::Duration> duration(std::string_view name) const;
};

/// Error{kBadUrl} tells what is wrong and never shows the password.
Url parse_url(std::string_view text);

}  // namespace tooz
