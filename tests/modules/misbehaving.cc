// Does what the report's field `do` says, and says what came of it in the field `done`.
#include <hook_abi.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace {

inspector_text text(std::string_view from) { return {from.data(), from.size()}; }

bool asked(const inspector_call* call, std::string_view what) {
  const inspector_text report = call->report(call->context);
  const std::string field = "\"do\":\"" + std::string(what) + '"';
  return std::string_view(report.data, report.size).find(field) != std::string_view::npos;
}

void* create(inspector_text options, void (*refuse)(void*, inspector_text), void* context) {
  const std::string_view section(options.data, options.size);
  if (section.find("refuse") != std::string_view::npos)
    refuse(context, text("it does not want to"));
  if (section.find("throw") != std::string_view::npos) throw std::runtime_error("no start");
  return nullptr;
}

void before_processing(void*, const inspector_call* call) {
  if (asked(call, "throw")) throw std::runtime_error("thrown by a module");
  if (asked(call, "throw nothing known")) throw 5;
  if (asked(call, "reject")) {
    call->reject(call->context, text("not \xff good"));
    call->reject(call->context, text("a second time"));
  }
  // Nothing of these can be used here.
  int wrong = call->set_report(call->context, text("[1]"));
  wrong += call->set_report(call->context, text("{"));
  wrong += call->set_report(call->context, {nullptr, 7});
  wrong += call->set_node(call->context, text("/extra/a"), text("1"));
  wrong += call->node(call->context).data == nullptr ? -1 : 0;
  if (asked(call, "nonsense") && wrong == -5)
    call->set_report(call->context, text(R"({"done":1})"));
}

void before_update(void*, const inspector_call* call) {
  int wrong = call->set_node(call->context, text("extra"), text("1"));
  wrong += call->set_node(call->context, text("/extra/a"), text("nonsense"));
  wrong += call->set_node(call->context, text("/extra/\xff"), text("1"));
  wrong += call->set_port(call->context, text(""), text("/extra/a"), text("1"));
  wrong += call->add_trait(call->context, text(""));
  call->warn(call->context, text("\xff"));
  if (wrong != -5) call->reject(call->context, text("nonsense was taken"));
  call->set_node(call->context, text("/extra/a"), text("{\"b\":[1]}"));
  call->remove_node(call->context, text("/extra/c"));
  call->set_port(call->context, text("p1"), text("/extra/d"), text("null"));
  call->add_trait(call->context, text("CUSTOM_E"));
  call->remove_trait(call->context, text("CUSTOM_F"));
  // What was collected is seen at once; and Ironic may be away.
  const inspector_text node = call->node(call->context);
  if (node.data == nullptr) return;
  if (std::string_view(node.data, node.size).find(R"("a":{"b":[1]})") == std::string_view::npos)
    call->reject(call->context, text("the node does not show its changes"));
  const inspector_text ports = call->ports(call->context);
  if (std::string_view(ports.data, ports.size).find(R"("d":null)") == std::string_view::npos)
    call->reject(call->context, text("the ports do not show their changes"));
}

const inspector_hook kHook = {
    INSPECTOR_HOOK_ABI, "misbehaving", "scheduler,example", create, nullptr,
    before_processing,  before_update,
};

}  // namespace

const inspector_hook* inspector_hook_entry(void) { return &kHook; }
