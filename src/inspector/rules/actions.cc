#include "inspector/rules/actions.h"

#include "base/log.h"
#include "inspector/error.h"
#include "inspector/node/capabilities.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/python_repr.h"
#include "inspector/rules/node_fields.h"
#include "inspector/rules/parameters_of.h"
#include "inspector/rules/python_error.h"
#include "inspector/rules/python_format.h"
#include "inspector/rules/python_value.h"

#include <algorithm>
#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

json::value parameter(const json::object& params, std::string_view name) {
  const json::value* value = params.if_contains(name);
  return value != nullptr ? *value : json::value();
}

Act make_fail(const json::object& params) {
  check_parameters(params, {"message"});
  return [message = python_str(params.at("message"))](const ActionContext&) {
    throw Error(Errc::kBadRequest, message);
  };
}

/// For whoever writes an example of a rule.
Act make_example(const json::object& params) {
  check_parameters(params, {});
  return [](const ActionContext& context) {
    base::log_info("inspector.rules", "action example", {{"node", context.node.uuid()}});
  };
}

Act make_set_attribute(const json::object& params) {
  if (!params.contains("value"))
    throw std::invalid_argument("missing required parameter(s): value");
  check_parameters(params, {"path"}, {"value", "reset_interfaces"});
  const std::string pointer = node_pointer(text_parameter(params, "path"));
  const json::value reset = parameter(params, "reset_interfaces");
  const bool resets = pointer == "/driver" && (reset.is_null() || truthy(reset));
  return [pointer, resets, value = params.at("value")](const ActionContext& context) {
    context.changes.set(pointer, format_texts(value, context.data, context.effort));
    if (resets) context.changes.reset_interfaces();
  };
}

Act make_set_capability(const json::object& params) {
  check_parameters(params, {"name"}, {"value"});
  return [name = text_parameter(params, "name"),
          value = parameter(params, "value")](const ActionContext& context) {
    if (value.is_null()) return remove_capability(context.node, context.changes, name);
    const json::value formatted = format_texts(value, context.data, context.effort);
    update_capabilities(context.node, context.changes, {{name, python_str(formatted)}});
  };
}

/// The list that is extended: what stands there, or a new one.
json::array existing_list(const ActionContext& context, const std::string& pointer) {
  const json::value node(context.node.node());
  boost::system::error_code absent;
  const json::value* found = node.find_pointer(pointer, absent);
  if (found == nullptr || found->is_null()) return {};
  if (const json::array* list = found->if_array()) return *list;
  throw PythonError("AttributeError",
                    "'" + std::string(python_type(*found)) + "' object has no attribute 'append'");
}

Act make_extend_attribute(const json::object& params) {
  check_parameters(params, {"path", "value"}, {"unique"});
  return [pointer = node_pointer(text_parameter(params, "path")), value = params.at("value"),
          unique = truthy(parameter(params, "unique"))](const ActionContext& context) {
    const json::value formatted = format_texts(value, context.data, context.effort);
    json::array list = existing_list(context, pointer);
    context.effort.step(list.size());
    const auto same = [&](const json::value& item) { return python_equal(item, formatted); };
    if (unique && std::ranges::any_of(list, same)) return;
    list.push_back(formatted);
    context.effort.text(json::serialize(list).size());
    context.changes.set(pointer, std::move(list));
  };
}

Act make_add_trait(const json::object& params) {
  check_parameters(params, {"name"});
  return [name = text_parameter(params, "name")](const ActionContext& context) {
    context.changes.add_trait(name);
  };
}

Act make_remove_trait(const json::object& params) {
  check_parameters(params, {"name"});
  return [name = text_parameter(params, "name")](const ActionContext& context) {
    context.changes.remove_trait(name);
  };
}

constexpr Action kActions[] = {
    {"add-trait", make_add_trait},
    {"example", make_example},
    {"extend-attribute", make_extend_attribute},
    {"fail", make_fail},
    {"remove-trait", make_remove_trait},
    {"set-attribute", make_set_attribute},
    {"set-capability", make_set_capability},
};

}  // namespace

std::span<const Action> actions() noexcept { return kActions; }

const Action* find_action(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kActions, name, &Action::name);
  return found == std::end(kActions) ? nullptr : found;
}

}  // namespace inspector
