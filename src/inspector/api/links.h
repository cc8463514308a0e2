#pragma once
#include "http/message.h"

#include <boost/json/fwd.hpp>
#include <boost/json/storage_ptr.hpp>
#include <string>
#include <string_view>

namespace inspector {

struct ApiOptions;

/// `scheme://host[:port][/prefix]` under which the client reached us: from Host, and from the
/// X-Forwarded-Proto, -Host, -Port and -Prefix of the one proxy in front (the last value of each).
/// Throws Error{kBadRequest} for a host or prefix that cannot be part of a URL.
std::string link_root(const http::Request& request, const ApiOptions& options);

/// The path that the proxy in front puts before ours (X-Forwarded-Prefix), or else the one under
/// which we are mounted; empty for none. Throws as link_root() does.
std::string link_prefix(const http::Request& request);

/// `[{"href":"<root><path>","rel":"self"}]`, in that memory.
boost::json::array self_link(std::string_view root, std::string_view path,
                             const boost::json::storage_ptr& memory = {});

}  // namespace inspector
