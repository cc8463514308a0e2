#pragma once
#include "inspector/config/keystone.h"

#include <boost/json.hpp>
#include <optional>
#include <string>

namespace inspector::keystone {

/// The URL of the endpoint in a token's catalogue that fits, by the first interface that has one.
/// What is malformed is passed over. nullopt: there is none.
std::optional<std::string> find_endpoint(const boost::json::array& catalog,
                                         const EndpointChoice& choice);

}  // namespace inspector::keystone
