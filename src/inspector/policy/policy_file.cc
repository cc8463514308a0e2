#include "inspector/policy/policy_file.h"

#include "base/log.h"
#include "inspector/yaml_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace inspector {
namespace {

PolicyCheck parsed(const std::string& name, const std::string& text) {
  try {
    return PolicyCheck::parse(text);
  } catch (const std::invalid_argument& error) {
    base::log_error("inspector.policy",
                    "Failed to understand rule " + text + "; it is never passed",
                    {{"rule", name}, {"reason", error.what()}});
    return PolicyCheck::never();
  }
}

class PolicyReader {
 public:
  explicit PolicyReader(std::string_view text) : text_(text) {}

  PolicyCheck check_of(const std::string& name, const YAML::Node& node) const {
    if (node.Tag().size() > 1 && node.Tag().starts_with('!'))
      throw std::runtime_error("rule " + name + ": " + node.Tag() +
                               " stands for nothing; quote it");
    if (node.IsNull()) return PolicyCheck::always();
    if (node.IsScalar()) return parsed(name, text_of(node));
    if (!node.IsSequence())
      throw std::runtime_error("rule " + name + ": expected a text or a list");
    if (node.size() == 0) return PolicyCheck::always();
    return any_of(name, node);
  }

 private:
  PolicyCheck any_of(const std::string& name, const YAML::Node& list) const {
    std::vector<PolicyCheck> alternatives;
    for (const YAML::Node& entry : list) {
      if (entry.IsScalar()) alternatives.push_back(listed(name, entry));
      if (!entry.IsSequence() || entry.size() == 0) continue;
      std::vector<PolicyCheck> together;
      for (const YAML::Node& check : entry) {
        if (!check.IsScalar()) throw std::runtime_error("rule " + name + ": expected a text");
        together.push_back(listed(name, check));
      }
      alternatives.push_back(PolicyCheck::all_of(std::move(together)));
    }
    return PolicyCheck::any_of(std::move(alternatives));
  }

  /// In a list an empty text is no check, and never passed.
  PolicyCheck listed(const std::string& name, const YAML::Node& node) const {
    const std::string text = text_of(node);
    return text.empty() ? PolicyCheck::never() : parsed(name, text);
  }

  /// A `!` without quotes is YAML's sign for a type, and means what it says here. An empty text
  /// with quotes has the same sign, and is open to all.
  std::string text_of(const YAML::Node& node) const {
    const auto at = static_cast<std::size_t>(std::max(node.Mark().pos, 0));
    const std::string_view quotes = at < text_.size() ? text_.substr(at, 2) : std::string_view();
    const bool empty = quotes == "\"\"" || quotes == "''";
    if (node.Tag() == "!" && node.Scalar().empty() && !empty) return "!";
    return node.Scalar();
  }

  std::string_view text_;
};

}  // namespace

PolicyRules read_policy_file(const std::string& file) {
  try {
    const std::string text = yaml_text(file);
    const YAML::Node document = load_yaml(text);
    const PolicyReader reader(text);
    PolicyRules rules;
    if (document.IsNull()) return rules;
    if (!document.IsMap()) throw std::runtime_error("expected names and checks");
    for (const auto& entry : document) {
      const std::string name = entry.first.as<std::string>();
      rules.insert_or_assign(name, reader.check_of(name, entry.second));
    }
    return rules;
  } catch (const YAML::BadFile&) {
    throw std::runtime_error("policy file " + file + ": cannot be read");
  } catch (const std::exception& error) {
    throw std::runtime_error("policy file " + file + ": " + error.what());
  }
}

}  // namespace inspector
