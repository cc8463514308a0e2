#include "base/log.h"
#include "inspector/config/processing.h"
#include "inspector/node/view.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/python_repr.h"
#include "inspector/processing/warnings.h"

#include <algorithm>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.extra_hardware";
constexpr std::size_t kParts = 4;

// A key of the result; numbers and the like become the texts that JSON has for them.
std::optional<std::string> key(const json::value& part) {
  if (part.is_structured()) return std::nullopt;
  if (const auto* text = part.if_string()) return std::string(*text);
  return json::serialize(part);
}

// `extra[a][b][c] = d`; false: the item has not that form.
bool convert(const json::array& item, json::object& extra) {
  if (item.size() < kParts) return false;
  const auto first = key(item[0]), second = key(item[1]), third = key(item[2]);
  if (!first || !second || !third) return false;
  json::value& outer = extra.emplace(*first, json::object()).first->value();
  json::value& inner = outer.get_object().emplace(*second, json::object()).first->value();
  const auto number = as_integer(item[3]);
  inner.get_object()[*third] = number ? json::value(*number) : item[3];
  return true;
}

/// Makes a tree of the list that hardware-detect writes (`["disk", "sda", "size", "100"]`).
class ExtraHardware : public ProcessingHook {
 public:
  explicit ExtraHardware(const ProcessingOptions& options)
      : strict_(options.strict_extra_hardware) {}

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    (void)changes;
    const auto* data = report.if_contains("data");
    if (data == nullptr)
      return warn(node, "No extra hardware information was received from the ramdisk");
    if (!has_form(*data)) {
      warn(
          node,
          "Extra hardware data was not in a recognised format (eDeploy), and will not be forwarded "
          "to introspection rules");
      if (strict_) report.stable_erase("data");
      return;
    }
    json::object extra;
    Warnings warnings(kComponent, node.uuid());
    for (const auto& item : data->get_array())
      if (!item.get_array().empty() && !convert(item.get_array(), extra))
        warnings.add("Ignoring invalid extra data item " + shown(item));
    report.stable_erase("data");
    report["extra"] = std::move(extra);
  }

 private:
  static void warn(const NodeView& node, const std::string& text) {
    base::log_warning(kComponent, text, {{"node", node.uuid()}});
  }

  bool has_form(const json::value& data) const {
    const auto* items = data.if_array();
    return items != nullptr && std::ranges::all_of(*items, [&](const json::value& item) {
             return item.is_array() && (!strict_ || item.get_array().size() == kParts);
           });
  }

  bool strict_;
};

}  // namespace

std::unique_ptr<ProcessingHook> extra_hardware_hook(const ProcessingOptions& options) {
  return std::make_unique<ExtraHardware>(options);
}

}  // namespace inspector
