#include "inspector/rules/condition.h"

#include "inspector/error.h"
#include "inspector/rules/json_path_lexer.h"

#include <stdexcept>

namespace inspector {
namespace {

constexpr std::string_view kSeparator = "://";

std::string_view scheme_of(std::string_view field) {
  const std::size_t at = field.find(kSeparator);
  return at == std::string_view::npos ? "data" : field.substr(0, at);
}

JsonPath path_of(const std::string& field) {
  const std::string_view scheme = scheme_of(field);
  if (scheme != "node" && scheme != "data")
    throw Error(Errc::kBadRequest, "Unsupported scheme for field: " + without_nul(scheme) +
                                       ", valid values are node:// or data://");
  const std::size_t at = field.find(kSeparator);
  try {
    return JsonPath(at == std::string::npos ? std::string_view(field)
                                            : std::string_view(field).substr(at + 3));
  } catch (const std::invalid_argument& error) {
    throw Error(Errc::kBadRequest,
                "Unable to parse field JSON path " + without_nul(field) + ": " + error.what());
  }
}

const Operator& operator_of(const std::string& name) {
  if (const Operator* found = find_operator(name)) return *found;
  throw Error(Errc::kBadRequest, "Unknown condition operator " + name);
}

Check check_of(const RuleCondition& condition) {
  try {
    return operator_of(condition.op).make(condition.params);
  } catch (const std::invalid_argument& error) {
    throw Error(Errc::kBadRequest,
                "Invalid parameters for operator " + condition.op + ": " + error.what());
  }
}

}  // namespace

Condition::Condition(const RuleCondition& condition)
    : node_(scheme_of(condition.field) == "node"),
      path_(path_of(condition.field)),
      multiple_(condition.multiple == "all"     ? Multiple::kAll
                : condition.multiple == "first" ? Multiple::kFirst
                                                : Multiple::kAny),
      invert_(condition.invert),
      allows_none_(operator_of(condition.op).allows_none),
      check_(check_of(condition)) {}

bool Condition::holds(const boost::json::value& source, Effort& effort) const {
  const PathMatches found = path_.find(source, effort);
  const boost::json::value none;
  std::vector<const boost::json::value*> values = found.values();
  if (values.empty() && allows_none_) values.push_back(&none);
  bool result = false;
  for (const boost::json::value* value : values) {
    effort.step();
    result = check_(*value, effort) != invert_;
    if (multiple_ == Multiple::kFirst || (multiple_ == Multiple::kAll) != result) break;
  }
  return result;
}

}  // namespace inspector
