#pragma once
#include "inspector/processing/modules/hook_abi.h"

#include <boost/json.hpp>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace inspector {

class NodeChanges;
class NodeView;

/// One call of a module's hook: the C functions that it is given, on what they work. Not
/// thread-safe; must not be moved.
class ModuleCall {
 public:
  /// `node` and `changes`: nullptr before the node is known. All outlive this.
  ModuleCall(std::string_view hook, boost::json::object& report, const NodeView* node,
             NodeChanges* changes);
  ModuleCall(const ModuleCall&) = delete;
  ModuleCall& operator=(const ModuleCall&) = delete;

  const inspector_call* functions() const noexcept { return &functions_; }

  /// After the hook has returned: throws Rejected for what it rejected, and what went wrong in a
  /// function while the hook could not be told.
  void finish() const;

 private:
  struct Functions;

  void warn(const std::string& text) const;

  std::string_view hook_;
  boost::json::object& report_;
  const NodeView* node_;
  NodeChanges* changes_;
  inspector_call functions_;
  std::string report_text_, node_text_, ports_text_;  ///< what was returned last
  std::optional<std::string> rejected_;
  std::exception_ptr failed_;
};

}  // namespace inspector
