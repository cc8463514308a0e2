#pragma once
#include <boost/json/fwd.hpp>
#include <string>

namespace inspector::api_test {

/// What keeps `value` from being what `schema` (a part of `document`, OpenAPI 3.0) describes: the
/// place and the reason; empty: it is. Knows $ref, type, nullable, enum, properties, required,
/// additionalProperties, maxProperties, items, minItems and maxItems; any other word is an error.
std::string violation(const boost::json::value& value, const boost::json::value& schema,
                      const boost::json::value& document, const std::string& place = "answer");

}  // namespace inspector::api_test
