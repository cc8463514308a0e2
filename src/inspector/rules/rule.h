#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

namespace inspector {

/// A condition as it is stored; `params` is what its operator takes.
struct RuleCondition {
  std::string op;
  std::string field;  ///< `[node://|data://]<JSONPath>`
  std::string multiple = "any";
  bool invert = false;
  boost::json::object params;
};

struct RuleAction {
  std::string action;
  boost::json::object params;
};

/// When all conditions hold, the actions are taken, in order.
struct Rule {
  std::string uuid;                ///< as given by whoever made it
  boost::json::value description;  ///< text or null
  boost::json::value scope;        ///< text or null
  std::vector<RuleCondition> conditions;
  std::vector<RuleAction> actions;
};

}  // namespace inspector
