#include "inspector/processing/testing/hook_fixture.h"

#include "inspector/processing/hooks/all.h"

namespace inspector::testing {

namespace json = boost::json;

HookTest::HookTest() {
  options_.cpu_flags = {{"vmx", "cpu_vt"},
                        {"svm", "cpu_vt"},
                        {"aes", "cpu_aes"},
                        {"pse", "cpu_hugepages"},
                        {"smx", "cpu_txt"}};
  node(R"({"properties":{},"provision_state":"inspecting"})");
}

void HookTest::node(std::string_view text) {
  json::object object = json::parse(text).get_object();
  object["uuid"] = "u1";
  ironic_.add_node(std::move(object));
}

void HookTest::port(std::string_view uuid, std::string_view mac, bool pxe) {
  ironic_.add_port({{"uuid", uuid}, {"node_uuid", "u1"}, {"address", mac}, {"pxe_enabled", pxe}});
}

json::object& HookTest::interface(std::size_t i) {
  return inventory().at("interfaces").get_array()[i].get_object();
}

std::unique_ptr<ProcessingHook> HookTest::make(std::string_view name) const {
  for (const auto& entry : all_hooks())
    if (entry.name == name) return entry.make(options_);
  throw std::logic_error("no such hook");
}

std::string HookTest::run(std::string_view name) { return run_all({std::string(name)}); }

std::string HookTest::run_all(const std::vector<std::string>& names) {
  std::vector<std::unique_ptr<ProcessingHook>> hooks;
  for (const auto& name : names)
    hooks.push_back(make(name));
  changes_ = {};
  const NodeView view("u1", ironic_, {}, changes_);
  try {
    for (const auto& hook : hooks)
      hook->before_processing(report_);
    for (const auto& hook : hooks)
      hook->before_update(report_, view, changes_);
  } catch (const Rejected& e) {
    return e.what();
  }
  return {};
}

std::string HookTest::patch() const { return json::serialize(changes_.node_patch()); }

std::string HookTest::changed(std::string_view path) const {
  for (const auto& operation : changes_.node_patch())
    if (operation.at("path").get_string() == path) return json::serialize(operation.at("value"));
  return "unchanged";
}

std::vector<std::string> HookTest::new_ports() const {
  std::vector<std::string> out;
  for (const auto& p : changes_.new_ports())
    out.push_back(p.address + (p.pxe_enabled ? " pxe" : ""));
  return out;
}

std::string HookTest::link(std::string_view mac) const {
  for (const auto& each : changes_.links())
    if (each.address == mac) return json::serialize(each.patch);
  return "none";
}

}  // namespace inspector::testing
