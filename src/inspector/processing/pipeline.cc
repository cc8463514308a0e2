#include "inspector/processing/pipeline.h"

#include "base/ini.h"
#include "inspector/config/processing.h"
#include "inspector/ironic/answers.h"
#include "inspector/ironic/client.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/hooks/all.h"
#include "inspector/processing/interfaces.h"
#include "inspector/processing/modules/module.h"
#include "inspector/processing/python_repr.h"
#include "inspector/processing/unexpected.h"
#include "inspector/rules/engine.h"
#include "sql/database.h"

#include <algorithm>

namespace inspector {
namespace {

namespace json = boost::json;

// Texts that a report brings in end up in the database and in answers.
constexpr std::size_t kLongestFailure = 16 * 1024;

template <class Range>
std::string joined(const Range& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

std::vector<HookModule> load_modules(const ProcessingOptions& options) {
  std::vector<HookModule> modules;
  for (const auto& file : options.hook_modules) {
    HookModule module(file);
    const bool taken =
        std::ranges::find(all_hooks(), module.name(), &HookEntry::name) != all_hooks().end() ||
        std::ranges::find(modules, module.name(), &HookModule::name) != modules.end();
    if (taken)
      throw base::ConfigError("[processing]hook_modules: " + file + ": there is a hook " +
                              module.name() + " already");
    modules.push_back(std::move(module));
  }
  return modules;
}

std::unique_ptr<ProcessingHook> make(const std::string& name,
                                     const std::vector<HookModule>& modules,
                                     const ProcessingOptions& options) {
  const auto entry = std::ranges::find(all_hooks(), name, &HookEntry::name);
  if (entry != all_hooks().end()) return entry->make(options);
  const auto module = std::ranges::find(modules, name, &HookModule::name);
  if (module == modules.end()) throw base::ConfigError("there is no hook " + name);
  const auto section = options.hook_sections.find(name);
  return module->make(section != options.hook_sections.end() ? section->second : HookOptions());
}

std::vector<Pipeline::Named> load(const ProcessingOptions& options) {
  const std::vector<HookModule> modules = load_modules(options);
  std::vector<Pipeline::Named> hooks;
  std::vector<std::string> missing, reasons;
  for (const auto& name : options.processing_hooks) {
    try {
      hooks.push_back({name, make(name, modules, options)});
    } catch (const std::exception& e) {
      missing.push_back(name);
      reasons.emplace_back(e.what());
    }
  }
  if (missing.empty()) return hooks;
  std::string text = "The following hook(s) are missing or failed to load: " + joined(missing);
  for (const auto& reason : reasons)
    text += "\n" + reason;
  std::vector<std::string> accepted;
  for (const auto& entry : all_hooks())
    accepted.emplace_back(entry.name);
  for (const auto& module : modules)
    accepted.push_back(module.name());
  throw base::ConfigError(text + "\n[processing]processing_hooks accepts " + joined(accepted));
}

void check_order(const std::vector<Pipeline::Named>& hooks) {
  std::vector<std::string_view> before;
  std::string problems;
  for (const auto& [name, hook] : hooks) {
    std::vector<std::string_view> missing;
    for (const auto need : hook->needs())
      if (std::ranges::find(before, need) == before.end()) missing.push_back(need);
    if (!missing.empty())
      problems += "\nHook " + name + " requires the following hooks to be enabled before it: " +
                  joined(hook->needs()) + ". The following hooks are missing: " + joined(missing) +
                  ".";
    before.push_back(name);
  }
  if (!problems.empty())
    throw base::ConfigError("Some hooks failed to load due to dependency problems:" + problems);
}

/// What hooks and rules throw becomes what a client is told; what another attempt may cure goes
/// through.
template <class Body>
void translated(const Body& body) {
  try {
    body();
  } catch (const Rejected& e) {
    throw Error(Errc::kBadRequest, cut(e.what(), kLongestFailure));
  } catch (const Error& e) {
    throw Error(e.code(), cut(e.what(), kLongestFailure));
  } catch (const sql::Error&) {
    throw;
  } catch (const ironic::LockLost&) {
    throw;
  } catch (const ironic::Error& e) {
    if (ironic::is_away(e)) throw;
    throw unexpected(e);
  } catch (const std::exception& e) {
    throw unexpected(e);
  }
}

// An address of the wrong kind has been complained about; the look-up goes on without it.
template <class Get>
void append_address(std::vector<std::string>& to, const Get& get) {
  try {
    if (auto address = get()) to.push_back(std::move(*address));
  } catch (const Rejected&) {
    return;
  }
}

}  // namespace

Pipeline::Pipeline(const ProcessingOptions& options, const RuleEngine* rules)
    : Pipeline(load(options)) {
  rules_ = rules;
  has_modules_ = std::ranges::any_of(options.processing_hooks, [](const std::string& name) {
    return std::ranges::find(all_hooks(), name, &HookEntry::name) == all_hooks().end();
  });
}

Pipeline::Pipeline(std::vector<Named> hooks) : hooks_(std::move(hooks)) { check_order(hooks_); }

Pipeline::~Pipeline() = default;

std::vector<std::string> Pipeline::before_processing(json::object& report) const {
  std::vector<std::string> failures;
  for (const auto& [name, hook] : hooks_) {
    try {
      hook->before_processing(report);
    } catch (const Rejected& e) {
      failures.push_back("Preprocessing hook " + name + ": " + e.what());
    } catch (const std::exception& e) {
      failures.push_back("Unexpected exception " + class_name(e) +
                         " during preprocessing in hook " + name + ": " + e.what());
    }
  }
  for (auto& failure : failures)
    failure = cut(std::move(failure), kLongestFailure);
  return failures;
}

void Pipeline::before_update(json::object& report, const NodeView& node,
                             NodeChanges& changes) const {
  translated([&] {
    for (const auto& [name, hook] : hooks_)
      hook->before_update(report, node, changes);
  });
  if (rules_ == nullptr) return;
  try {
    translated([&] { rules_->apply(report, node, changes); });
  } catch (const Error& e) {
    throw RuleFailure(e.code(), e.what());
  }
}
std::map<std::string, std::vector<std::string>> lookup_attributes(const json::object& report) {
  std::map<std::string, std::vector<std::string>> found{{"bmc_address", {}}, {"mac", {}}};
  append_address(found["bmc_address"], [&] { return bmc_ipv4(report); });
  append_address(found["bmc_address"], [&] { return bmc_ipv6(report); });

  const auto* interfaces = find_field(report, "all_interfaces");
  if (interfaces == nullptr || !interfaces->is_object()) return found;
  for (const auto& [name, interface] : interfaces->get_object()) {
    const auto* object = interface.if_object();
    const auto* mac = object != nullptr ? find_field(*object, "mac") : nullptr;
    if (mac != nullptr && mac->is_string() && !mac->get_string().empty())
      found["mac"].emplace_back(mac->get_string());
  }
  return found;
}

}  // namespace inspector
