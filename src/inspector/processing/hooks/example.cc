#include "base/log.h"
#include "inspector/node/view.h"
#include "inspector/processing/hooks/all.h"

namespace inspector {
namespace {

/// Shows when the phases of a hook run, and nothing else.
class Example : public ProcessingHook {
 public:
  void before_processing(boost::json::object& report) const override {
    base::log_info("processing.example",
                   "before_processing: a report with " + std::to_string(report.size()) + " fields");
  }

  void before_update(boost::json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    (void)changes;
    base::log_info("processing.example",
                   "before_update: a report with " + std::to_string(report.size()) + " fields",
                   {{"node", node.uuid()}});
  }
};

}  // namespace

std::unique_ptr<ProcessingHook> example_hook(const ProcessingOptions&) {
  return std::make_unique<Example>();
}

}  // namespace inspector
