#include "inspector/conductor/report_body.h"

#include "inspector/conductor/report_answers.h"
#include "inspector/python_json.h"
#include "inspector/read_json.h"

#include <stdexcept>

namespace inspector {
namespace {

std::string take_logs(boost::json::object& report) {
  const boost::json::value* found = report.if_contains("logs");
  if (found == nullptr) return {};
  std::string logs = found->is_string() ? std::string(found->get_string()) : std::string();
  report.stable_erase("logs");
  return logs;
}

}  // namespace

PostedReport::PostedReport(ParsedReport report)
    : data(std::move(report)),
      digest(sha256_hex(data)),
      logs(take_logs(data)),
      text(python_json(data, data.text_size())) {}

std::string PostedReport::body() const {
  if (logs.empty()) return text;
  std::string whole(text, 0, text.size() - 1);
  whole += whole.size() > 1 ? ", " : "";
  return whole + "\"logs\": " + python_json(boost::json::value(logs)) + "}";
}

boost::json::object parse_kept_report(std::string_view body) {
  boost::json::error_code error;
  boost::json::value value = read_json(body, error);
  if (error || !value.is_object()) throw std::runtime_error("a report in the journal is damaged");
  return std::move(value.get_object());
}

}  // namespace inspector
