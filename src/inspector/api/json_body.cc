#include "inspector/api/json_body.h"

#include "inspector/api/utf8.h"
#include "inspector/error.h"
#include "inspector/processing/python_repr.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kExpected = "Invalid data: expected a JSON object, got ";

Error not_an_object(std::string_view what) {
  return {Errc::kBadRequest, std::string(kExpected) + std::string(what)};
}

Error not_json(std::string_view body, std::size_t at, const boost::json::error_code& why) {
  if (why == boost::json::error::too_deep)
    return {Errc::kBadRequest,
            "Invalid data: JSON nested deeper than " + std::to_string(kMaxDepth) + " levels"};
  if (!valid_utf8(body)) return {Errc::kBadRequest, "Invalid data: not valid UTF-8"};
  return not_an_object("text that is not JSON (" + why.message() + " at byte " +
                       std::to_string(at) + ")");
}

}  // namespace

boost::json::object parse_object(std::string_view body, std::string_view not_json_text) {
  if (body.empty()) throw not_an_object(not_json_text.empty() ? "an empty body" : not_json_text);
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::parser parser({}, options);
  boost::json::error_code why;
  const std::size_t read = parser.write(body, why);
  if (why && why != boost::json::error::too_deep && !not_json_text.empty())
    throw not_an_object(not_json_text);
  if (why) throw not_json(body, read, why);
  boost::json::value value = parser.release();
  if (!value.is_object()) throw not_an_object(python_type(value));
  return std::move(value.get_object());
}

}  // namespace inspector
