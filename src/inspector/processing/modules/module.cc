#include "inspector/processing/modules/module.h"

#include "base/ini.h"
#include "inspector/processing/modules/call.h"
#include "inspector/utf8.h"

#include <dlfcn.h>

#include <boost/json.hpp>
#include <optional>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr const char* kSymbol = "inspector_hook_entry";

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw base::ConfigError("[processing]hook_modules: " + file + ": " + why);
}

// The module is never unloaded: its code may be on the stack of any thread, and what it threw may
// still be held.
const inspector_hook* load(const std::string& file) {
  if (!file.starts_with('/')) refuse(file, "the name of a module begins with /");
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) refuse(file, std::string("cannot be loaded: ") + dlerror());
  void* symbol = dlsym(handle, kSymbol);
  if (symbol == nullptr) refuse(file, std::string("has no symbol ") + kSymbol);
  const auto* hook = reinterpret_cast<const inspector_hook* (*)()>(symbol)();
  if (hook == nullptr) refuse(file, std::string(kSymbol) + " returned nothing");
  if (hook->abi != INSPECTOR_HOOK_ABI)
    refuse(file, std::string(kSymbol) + " has ABI " + std::to_string(hook->abi) +
                     ", this program wants " + std::to_string(INSPECTOR_HOOK_ABI));
  if (hook->name == nullptr || *hook->name == '\0')
    refuse(file, std::string(kSymbol) + " names no hook");
  return hook;
}

std::vector<std::string> names_in(const char* list) {
  std::vector<std::string> names;
  std::string_view left = list != nullptr ? list : "";
  while (!left.empty()) {
    const auto end = left.find(',');
    if (end != 0) names.emplace_back(left.substr(0, end));
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
  }
  return names;
}

/// A module's hook among the others.
class ModuleHook : public ProcessingHook {
 public:
  ModuleHook(const inspector_hook& hook, void* self)
      : hook_(hook),
        self_(self),
        names_(names_in(hook.needs)),
        needs_(names_.begin(), names_.end()) {}
  ModuleHook(const ModuleHook&) = delete;
  ModuleHook& operator=(const ModuleHook&) = delete;

  ~ModuleHook() override {
    try {
      if (hook_.destroy != nullptr) hook_.destroy(self_);
    } catch (...) {
      return;  // it is at its end anyway
    }
  }

  std::span<const std::string_view> needs() const noexcept override { return needs_; }

  void before_processing(json::object& report) const override {
    if (hook_.before_processing != nullptr) run(hook_.before_processing, report, nullptr, nullptr);
  }

  void before_update(json::object& report, const NodeView& node,
                     NodeChanges& changes) const override {
    if (hook_.before_update != nullptr) run(hook_.before_update, report, &node, &changes);
  }

 private:
  using Phase = void (*)(void*, const inspector_call*);

  // What is thrown by something that is no std::exception has no text.
  void run(Phase phase, json::object& report, const NodeView* node, NodeChanges* changes) const {
    ModuleCall call(hook_.name, report, node, changes);
    try {
      phase(self_, call.functions());
    } catch (const std::exception&) {
      throw;
    } catch (...) {
      throw std::runtime_error("the hook " + std::string(hook_.name) +
                               " threw something that is no std::exception");
    }
    call.finish();
  }

  const inspector_hook& hook_;
  void* self_;
  std::vector<std::string> names_;
  std::vector<std::string_view> needs_;
};

}  // namespace

HookModule::HookModule(const std::string& file)
    : file_(file), hook_(load(file)), name_(hook_->name) {}

std::unique_ptr<ProcessingHook> HookModule::make(const HookOptions& options) const {
  json::object section;
  for (const auto& [option, value] : options)
    section[option] = json::value(value);
  const std::string text = json::serialize(section);
  std::optional<std::string> refusal;
  const auto keep = [](void* context, inspector_text why) {
    *static_cast<std::optional<std::string>*>(context) =
        to_valid_utf8(why.data != nullptr ? std::string_view(why.data, why.size) : "");
  };
  void* self = nullptr;
  try {
    if (hook_->create != nullptr) self = hook_->create({text.data(), text.size()}, keep, &refusal);
  } catch (const std::exception& e) {
    refusal = e.what();
  } catch (...) {
    refusal = "its create() threw something that is no std::exception";
  }
  if (refusal) throw base::ConfigError(file_ + ": " + *refusal);
  return std::make_unique<ModuleHook>(*hook_, self);
}

}  // namespace inspector
