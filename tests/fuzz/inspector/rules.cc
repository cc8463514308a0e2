// Rules as users write them, and what is in them, applied to a report.
#include "inspector/error.h"
#include "inspector/rules/condition.h"
#include "inspector/rules/effort.h"
#include "inspector/rules/json_path.h"
#include "inspector/rules/python_error.h"
#include "inspector/rules/python_format.h"
#include "inspector/rules/regex.h"
#include "inspector/rules/rule_check.h"
#include "tests/fuzz/inspector/targets.h"
#include "tests/fuzz/target.h"

namespace fuzz {
namespace {

namespace json = boost::json;
using namespace inspector;

const json::value& report() {
  static const json::value kReport = json::parse(
      R"({"cpus":8,"arch":"x86_64","none":null,"real":1.5,"text":"a,b \u00e9","yes":true,
          "nics":[{"mac":"52:54:00:00:00:01","up":false},{"mac":"52:54:00:00:00:02"}],
          "deep":{"a":{"b":[[1,2],[3,[4]]]},"":0}})");
  return kReport;
}

std::pair<std::string_view, std::string_view> cut(std::string_view bytes) {
  const auto line = std::min(bytes.find('\n'), bytes.size());
  return {bytes.substr(0, line), bytes.substr(std::min(line + 1, bytes.size()))};
}

}  // namespace

void fuzz_rule(std::string_view bytes) {
  boost::system::error_code ec;
  const json::value value = json::parse(bytes, ec);
  if (ec || !value.is_object()) return;
  refusable<Error, PythonError>([&] {
    const Rule rule = checked_rule(value.get_object());
    Effort effort(base::system_env());
    for (const auto& condition : rule.conditions)
      refusable<Error, PythonError>([&] { Condition(condition).holds(report(), effort); });
    for (const auto& action : rule.actions)
      refusable<Error, PythonError>([&] { format_texts(action.params, report(), effort); });
  });
}

void fuzz_json_path(std::string_view bytes) {
  refusable<std::invalid_argument, Error>([&] {
    const JsonPath path(bytes);
    Effort effort(base::system_env());
    const auto found = path.find(report(), effort);
    for (const json::value* one : found.values())
      expect(one != nullptr, "found nothing and gave it out");
  });
}

// A pattern and, in the lines below it, a text.
void fuzz_regex(std::string_view bytes) {
  const auto [pattern, text] = cut(bytes);
  refusable<std::invalid_argument, Error>([&, p = pattern, t = text] {
    const Regex regex(p);
    Effort effort(base::system_env());
    if (regex.matches_start(t, effort))
      expect(regex.occurs_in(t, effort), "stands at the beginning and does not occur");
  });
}

// A format and, in the lines below it, the report as JSON; without one, ours.
void fuzz_format(std::string_view bytes) {
  const auto [format, text] = cut(bytes);
  boost::system::error_code ec;
  json::value data = json::parse(text, ec);
  if (ec) data = report();
  refusable<PythonError, Error>([&, f = format] {
    Effort effort(base::system_env());
    expect(python_format(f, data, effort).size() <= Effort::kLongestText, "an endless text");
  });
}

}  // namespace fuzz
