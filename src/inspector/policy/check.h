#pragma once
#include <boost/json/fwd.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

class PolicyCheck;

/// Checks by name, for `rule:`.
using PolicyRules = std::map<std::string, PolicyCheck, std::less<>>;

/// A check in oslo.policy's language: `role:admin`, `rule:name`, `attribute:value`, `'text':value`,
/// `http://host/path` (a server's word), `@` (and nothing at all) for always, `!` for never, `and`,
/// `or`, `not`, parentheses. Thread-safe.
class PolicyCheck {
 public:
  /// Throws std::invalid_argument that says what is wrong.
  static PolicyCheck parse(std::string_view text);

  static PolicyCheck always();
  static PolicyCheck never();
  static PolicyCheck any_of(std::vector<PolicyCheck> checks);
  static PolicyCheck all_of(std::vector<PolicyCheck> checks);

  /// The word of the server at a URL.
  using Remote = std::function<bool(const std::string& url)>;

  /// Whether `credentials` (`roles`, `user_id`, `system_scope`, …) pass. There is no target, so a
  /// value with `%(name)s` never fits. A rule that is missing, or leads back to itself, is no.
  /// Without `remote` servers say no; what it throws is passed on.
  bool passes(const boost::json::object& credentials, const PolicyRules& rules,
              const Remote& remote = {}) const;

 private:
  friend class PolicyParser;
  enum class Kind { kAlways, kNever, kNot, kAnd, kOr, kRule, kRole, kAttribute, kRemote };

  PolicyCheck(Kind kind, std::vector<PolicyCheck> parts) : kind_(kind), parts_(std::move(parts)) {}
  PolicyCheck(Kind kind, std::string name, std::string value)
      : kind_(kind), name_(std::move(name)), value_(std::move(value)) {}

  struct Question {
    const boost::json::object& credentials;
    const PolicyRules& rules;
    const Remote& remote;
    std::map<std::string, bool, std::less<>> known;  ///< what rules have said
    int levels;                                      ///< how many more may lead to each other
  };
  bool passes(Question& question) const;
  bool passes_as(const std::string& rule, Question& question) const;

  Kind kind_;
  std::vector<PolicyCheck> parts_;
  std::string name_;   ///< of the rule; the attribute's path; the URL's scheme
  std::string value_;  ///< of role and attribute; the rest of the URL
};

}  // namespace inspector
