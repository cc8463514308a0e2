#include "inspector/conductor/report_body.h"

#include "inspector/read_json.h"

#include <stdexcept>

namespace inspector {

boost::json::object parse_kept_report(std::string_view body) {
  boost::json::error_code error;
  boost::json::value value = read_json(body, error);
  if (error || !value.is_object()) throw std::runtime_error("a report in the journal is damaged");
  return std::move(value.get_object());
}

}  // namespace inspector
