#pragma once
#include "inspector/rules/json_path.h"
#include "inspector/rules/operators.h"
#include "inspector/rules/rule.h"

namespace inspector {

/// A condition ready to be evaluated. Thread-safe.
class Condition {
 public:
  /// Throws inspector::Error{kBadRequest} with upstream's texts: scheme, path, parameters.
  explicit Condition(const RuleCondition& condition);

  bool looks_at_node() const noexcept { return node_; }

  /// @param source the document it looks at, see looks_at_node()
  /// Throws PythonError, and as Effort does. What finds no value is false, inverted or not, unless
  /// the operator says otherwise.
  bool holds(const boost::json::value& source, Effort& effort) const;

 private:
  enum class Multiple { kAll, kAny, kFirst };
  bool node_ = false;
  JsonPath path_;
  Multiple multiple_;
  bool invert_;
  bool allows_none_;
  Check check_;
};

}  // namespace inspector
