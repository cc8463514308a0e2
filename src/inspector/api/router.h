#pragma once
#include "http/message.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

struct ApiCall;

enum class Access { kPublic, kAuthenticated };

/// One line of the table of routes.
struct Route {
  std::string_view method;  ///< GET also answers HEAD
  std::string_view path;    ///< `{…}` stands for any one segment
  Access access;
  std::string_view rule;  ///< of the policy
  http::Response (*handler)(const ApiCall&);
};

/// A request's target taken apart.
struct Target {
  std::vector<std::string> segments;  ///< of the path, decoded; an empty one matches no route
  std::string_view query;             ///< as on the wire
};

/// Slashes at the front count as one, one at the end does not count. Throws Error{kBadRequest} as
/// percent_decode() does.
Target parse_target(std::string_view target);

struct Match {
  std::string_view path;               ///< the first in the table that fits; empty: none does
  const Route* route = nullptr;        ///< nullptr: no such path, or not with this method
  std::vector<std::string> arguments;  ///< the segments that `{…}` stood for
};
Match match_route(std::span<const Route> routes, std::string_view method,
                  const std::vector<std::string>& segments);

/// The methods of a path in the table, as `Allow` tells them.
std::string allowed_methods(std::span<const Route> routes, std::string_view path);

}  // namespace inspector
