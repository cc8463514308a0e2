#pragma once
#include <boost/json/fwd.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace inspector {

class NodeChanges;  // node/changes.h: the patches, ports and traits being collected

/// The node and its ports as they will be after the changes collected so far: fetched at first use,
/// one request each. Rules see the same view.
class NodeView;  // node/view.h

/// A report that cannot be accepted. The operator reads its text as the introspection's error, so
/// it names the field and the value.
class Rejected : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// One step of the pipeline from report to changes, in the order of `processing_hooks`. One
/// instance serves all reports from many threads at once, so both phases are const. The report lies
/// in memory of its own, which goes with it: a copy of a part that a hook keeps for longer than the
/// call names a storage (`json::value(part, json::storage_ptr())`).
class ProcessingHook {
 public:
  virtual ~ProcessingHook() = default;

  /// Hooks that must stand before this one; checked when the configuration is read.
  virtual std::span<const std::string_view> needs() const noexcept { return {}; }

  /// Before the lookup: check and normalise the report, in place. Throws Rejected.
  virtual void before_processing(boost::json::object& report) const { (void)report; }

  /// The node is known: may add to the report, collects changes, sends nothing. Throws Rejected.
  virtual void before_update(boost::json::object& report, const NodeView& node,
                             NodeChanges& changes) const {
    (void)report, (void)node, (void)changes;
  }
};

}  // namespace inspector
