#pragma once
#include "base/env.h"

#include <boost/json/fwd.hpp>

namespace inspector {

class NodeChanges;
class NodeView;
class RuleStore;

/// Applies the stored rules to a report once the hooks have run. Thread-safe.
class RuleEngine {
 public:
  /// Both outlive it.
  RuleEngine(base::Env& env, RuleStore& store) : env_(env), store_(store) {}

  /// First looks which rules apply, to report and node as the hooks left them; then takes the
  /// actions of those in order, into `changes`. Throws inspector::Error: kBadRequest (the text of a
  /// `fail`, a format's key that is missing, rules that cost too much), kProcessing (`Unexpected
  /// exception …`); sql::Error; what NodeView does. `changes` holds what was collected until then.
  void apply(const boost::json::object& report, const NodeView& node, NodeChanges& changes) const;

 private:
  base::Env& env_;
  RuleStore& store_;
};

}  // namespace inspector
