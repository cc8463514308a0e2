// A processing hook as a shared object: writes a machine's serial number into its node's `extra`,
// and refuses machines that have none. docs/hooks.md goes through it.
//
//   [processing]
//   hook_modules = /usr/lib/ironic-inspector/asset_tag.so
//   processing_hooks = $default_processing_hooks,asset_tag
//   [hook:asset_tag]
//   key = asset_tag
#include <hook_abi.h>

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace {

namespace json = boost::json;

struct AssetTag {
  std::string key = "asset_tag";
};

inspector_text text(std::string_view from) { return {from.data(), from.size()}; }
std::string_view view(inspector_text from) { return {from.data, from.size}; }

// inventory.system_vendor.serial_number; empty: there is none.
std::string serial_of(const json::value& report) {
  boost::system::error_code ec;
  const auto* found = report.find_pointer("/inventory/system_vendor/serial_number", ec);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

void* create(inspector_text options, void (*refuse)(void*, inspector_text), void* context) {
  auto hook = std::make_unique<AssetTag>();
  const json::value section = json::parse(view(options));
  for (const auto& [name, value] : section.as_object()) {
    if (name == "key") {
      hook->key = json::value_to<std::string>(value);
      continue;
    }
    refuse(context, text("[hook:asset_tag]" + std::string(name) + ": there is only `key`"));
    return nullptr;
  }
  return hook.release();
}

void destroy(void* self) { delete static_cast<AssetTag*>(self); }

void before_processing(void*, const inspector_call* call) {
  const json::value report = json::parse(view(call->report(call->context)));
  if (serial_of(report).empty())
    call->reject(call->context, text("inventory.system_vendor.serial_number is missing"));
}

void before_update(void* self, const inspector_call* call) {
  const json::value report = json::parse(view(call->report(call->context)));
  const std::string path = "/extra/" + static_cast<AssetTag*>(self)->key;
  const std::string value = json::serialize(json::value(serial_of(report)));
  call->set_node(call->context, text(path), text(value));
}

const inspector_hook kHook = {INSPECTOR_HOOK_ABI, "asset_tag",  nullptr, create, destroy,
                              before_processing,  before_update};

}  // namespace

const inspector_hook* inspector_hook_entry(void) { return &kHook; }
