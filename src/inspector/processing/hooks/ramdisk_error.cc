#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/python_repr.h"

namespace inspector {
namespace {

/// The ramdisk says that it failed: so does the introspection.
class RamdiskError : public ProcessingHook {
 public:
  void before_processing(boost::json::object& report) const override {
    const auto* error = find_field(report, "error");
    if (error != nullptr && truthy(*error))
      throw Rejected("Ramdisk reported error: " + python_str(*error));
  }
};

}  // namespace

std::unique_ptr<ProcessingHook> ramdisk_error_hook(const ProcessingOptions&) {
  return std::make_unique<RamdiskError>();
}

}  // namespace inspector
