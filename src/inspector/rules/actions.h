#pragma once
#include "inspector/rules/effort.h"

#include <boost/json.hpp>
#include <functional>
#include <span>
#include <string_view>

namespace inspector {

class NodeChanges;
class NodeView;

/// What an action works with: it reads report and node, and adds to the changes.
struct ActionContext {
  const boost::json::value& data;  ///< the report
  const NodeView& node;
  NodeChanges& changes;
  Effort& effort;
};

/// Throws inspector::Error (`fail`, a key that is missing), PythonError, what NodeView does, and as
/// Effort does.
using Act = std::function<void(const ActionContext&)>;

struct Action {
  std::string_view name;
  /// Throws std::invalid_argument for parameters that it does not take.
  Act (*make)(const boost::json::object& params);
};

/// All, by name.
std::span<const Action> actions() noexcept;

/// nullptr: there is none of that name.
const Action* find_action(std::string_view name) noexcept;

}  // namespace inspector
