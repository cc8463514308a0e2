#include "inspector/conductor/report_body.h"

#include <stdexcept>

namespace inspector {

boost::json::object parse_kept_report(std::string_view body) {
  boost::json::parse_options options;
  options.max_depth = 256;  // it is as deep as the parser of requests allows, which is less
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(body, error, {}, options);
  if (error || !value.is_object()) throw std::runtime_error("a report in the journal is damaged");
  return std::move(value.get_object());
}

}  // namespace inspector
