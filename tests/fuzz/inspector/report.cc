// Any JSON object as a report, through both phases of all hooks: each takes it or says Rejected,
// and what it collects can be kept and read back.
#include "inspector/config/processing.h"
#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/changes_json.h"
#include "inspector/node/view.h"
#include "inspector/processing/hooks/all.h"
#include "tests/fuzz/inspector/targets.h"
#include "tests/fuzz/target.h"

namespace fuzz {
namespace {

namespace json = boost::json;
using namespace inspector;

ProcessingOptions options() {
  ProcessingOptions options;
  options.boot_mode = true;
  options.add_ports = ProcessingOptions::AddPorts::kAll;
  options.keep_ports = ProcessingOptions::KeepPorts::kPresent;
  options.cpu_flags = {{"vmx", "cpu_vt"}, {"aes", "cpu_aes"}};
  options.pci_aliases = {R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})"};
  options.cidr_map = {"172.22.0.0/24:provisioning", "2001:db8::/32:storage"};
  return options;
}

std::vector<std::unique_ptr<ProcessingHook>> make_hooks() {
  std::vector<std::unique_ptr<ProcessingHook>> hooks;
  for (const auto& entry : all_hooks())
    hooks.push_back(entry.make(options()));
  return hooks;
}

// The report as it is for each hook by itself, and for all of them in order.
void run(const ProcessingHook& hook, json::object& report, const NodeView& node,
         NodeChanges& changes) {
  try {
    hook.before_processing(report);
    hook.before_update(report, node, changes);
  } catch (const Rejected&) {
    return;
  }
}

}  // namespace

void fuzz_report(std::string_view bytes) {
  static const auto kHooks = make_hooks();
  boost::system::error_code ec;
  json::value value = json::parse(bytes, ec);
  if (ec || !value.is_object()) return;

  inspector::testing::FakeIronic ironic;
  ironic.add_node(json::parse(R"({"uuid":"u1","provision_state":"enroll",
      "properties":{"root_device":{"size":">= 1"},"capabilities":"a:b,c"},
      "extra":{"block_devices":{"serials":["a"]}}})")
                      .get_object());
  ironic.add_port({{"uuid", "p1"}, {"node_uuid", "u1"}, {"address", "52:54:00:8a:10:01"}});
  json::object report = value.get_object();
  NodeChanges changes;
  const NodeView node("u1", ironic, {}, changes);
  for (const auto& hook : kHooks) {
    json::object own = value.get_object();
    run(*hook, own, node, changes);
    run(*hook, report, node, changes);
  }
  const json::object kept = changes_to_json(changes);
  expect(changes_to_json(changes_from_json(kept)) == kept, "not the same changes when kept");
}

}  // namespace fuzz
