#include "inspector/rules/engine.h"

#include "base/log.h"
#include "inspector/error.h"
#include "inspector/node/view.h"
#include "inspector/rules/actions.h"
#include "inspector/rules/condition.h"
#include "inspector/rules/node_fields.h"
#include "inspector/rules/python_error.h"
#include "inspector/rules/rule_store.h"

#include <optional>
#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

/// Report and node as conditions see them; the node only when one asks for it.
class Sources {
 public:
  Sources(const json::value& report, const NodeView& node) : report_(report), view_(node) {}

  const json::value& report() const { return report_; }
  const json::value& node() {
    if (!node_) node_ = json::value(with_sdk_names(view_.node()));
    return *node_;
  }
  const NodeView& view() const { return view_; }

 private:
  const json::value& report_;
  const NodeView& view_;
  std::optional<json::value> node_;
};

bool in_scope(const Rule& rule, const NodeView& node) {
  if (!rule.scope.is_string() || rule.scope.get_string().empty()) return true;
  const json::value* scope = node.property("inspection_scope");
  return scope != nullptr && *scope == rule.scope;
}

bool applies(const Rule& rule, Sources& sources, Effort& effort) {
  effort.step();
  if (!in_scope(rule, sources.view())) return false;
  for (const RuleCondition& stored : rule.conditions) {
    const Condition condition(stored);
    if (!condition.holds(condition.looks_at_node() ? sources.node() : sources.report(), effort))
      return false;
  }
  return true;
}

void act(const Rule& rule, const ActionContext& context) {
  for (const RuleAction& stored : rule.actions) {
    const Action* action = find_action(stored.action);
    if (action == nullptr) throw Error(Errc::kBadRequest, "Unknown action " + stored.action);
    try {
      action->make(stored.params)(context);
    } catch (const std::invalid_argument& error) {
      throw Error(Errc::kBadRequest,
                  "Invalid parameters for action " + stored.action + ": " + error.what());
    }
  }
}

}  // namespace

void RuleEngine::apply(const json::object& report, const NodeView& node,
                       NodeChanges& changes) const {
  const std::vector<Rule> rules = store_.all();
  if (rules.empty()) return;
  Effort effort(env_);
  const json::value data(report);
  Sources sources(data, node);
  try {
    std::vector<const Rule*> found;
    for (const Rule& rule : rules)
      if (applies(rule, sources, effort)) found.push_back(&rule);
    for (const Rule* rule : found) {
      base::log_debug("inspector.rules", "Running the actions of a rule",
                      {{"node", node.uuid()}, {"rule", rule->uuid}});
      act(*rule, {data, node, changes, effort});
    }
  } catch (const PythonError& error) {
    throw Error(Errc::kProcessing,
                "Unexpected exception " + error.type() + " during processing: " + error.what());
  }
}

}  // namespace inspector
