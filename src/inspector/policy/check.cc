#include "inspector/policy/check.h"

#include "http/message.h"
#include "inspector/processing/python_repr.h"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr int kDeepest = 50;  // rules within rules

/// A value as it is with no target to take `%(name)s` from; nullopt: it needs one.
std::optional<std::string> resolved(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '%') {
      out += value[i];
    } else if (value.substr(i).starts_with("%%")) {
      out += value[i++];
    } else {
      return std::nullopt;
    }
  }
  return out;
}

/// The text that a literal in the place of an attribute stands for; nullopt: it is an attribute.
std::optional<std::string> literal(std::string_view name) {
  const bool quoted = name.size() >= 2 && (name.front() == '\'' || name.front() == '"') &&
                      name.back() == name.front();
  if (quoted) return std::string(name.substr(1, name.size() - 2));
  if (name == "True" || name == "False" || name == "None") return std::string(name);
  const bool number = name.find_first_not_of("0123456789") == std::string_view::npos;
  if (!name.empty() && number) return std::string(name);
  return std::nullopt;
}

/// Follows `a.b.c`; of a list any element will do.
bool found(const json::value& from, std::string_view path, std::string_view wanted) {
  if (path.empty()) return python_str(from) == wanted;
  const json::object* object = from.if_object();
  if (object == nullptr) return false;
  const std::size_t dot = path.find('.');
  const json::value* next = object->if_contains(path.substr(0, dot));
  if (next == nullptr) return false;
  const std::string_view rest = dot == std::string_view::npos ? "" : path.substr(dot + 1);
  const json::array* list = next->if_array();
  if (list == nullptr) return found(*next, rest, wanted);
  return std::ranges::any_of(*list,
                             [&](const json::value& item) { return found(item, rest, wanted); });
}

bool has_role(const json::object& credentials, std::string_view wanted) {
  const json::value* roles = credentials.if_contains("roles");
  if (roles == nullptr || !roles->is_array()) return false;
  return std::ranges::any_of(roles->get_array(), [&](const json::value& role) {
    return role.is_string() && http::same_name(role.get_string(), wanted);
  });
}

}  // namespace

PolicyCheck PolicyCheck::always() { return {Kind::kAlways, {}}; }
PolicyCheck PolicyCheck::never() { return {Kind::kNever, {}}; }

PolicyCheck PolicyCheck::any_of(std::vector<PolicyCheck> checks) {
  return {Kind::kOr, std::move(checks)};
}

PolicyCheck PolicyCheck::all_of(std::vector<PolicyCheck> checks) {
  return {Kind::kAnd, std::move(checks)};
}

bool PolicyCheck::passes(const json::object& credentials, const PolicyRules& rules,
                         const Remote& remote) const {
  Question question{credentials, rules, remote, {}, kDeepest};
  return passes(question);
}

// Each rule is looked at once: until its answer is known, whoever comes back to it finds a no.
bool PolicyCheck::passes_as(const std::string& rule, Question& question) const {
  const auto [answer, fresh] = question.known.try_emplace(rule, false);
  if (!fresh || question.levels == 0) return answer->second;
  --question.levels;
  answer->second = passes(question);
  ++question.levels;
  return answer->second;
}

bool PolicyCheck::passes(Question& question) const {
  const auto pass = [&](const PolicyCheck& part) { return part.passes(question); };
  switch (kind_) {
    case Kind::kAlways:
      return true;
    case Kind::kNever:
      return false;
    case Kind::kNot:
      return !pass(parts_.front());
    case Kind::kAnd:
      return std::ranges::all_of(parts_, pass);
    case Kind::kOr:
      return std::ranges::any_of(parts_, pass);
    case Kind::kRule: {
      const auto rule = question.rules.find(name_);
      return rule != question.rules.end() && rule->second.passes_as(name_, question);
    }
    case Kind::kRole: {
      const std::optional<std::string> role = resolved(value_);
      return role && has_role(question.credentials, *role);
    }
    case Kind::kRemote: {
      const std::optional<std::string> url = resolved(name_ + ":" + value_);
      return url && question.remote && question.remote(*url);
    }
    case Kind::kAttribute:
      break;
  }
  const std::optional<std::string> wanted = resolved(value_);
  if (!wanted) return false;
  const std::optional<std::string> text = literal(name_);
  return text ? *text == *wanted : found(json::value(question.credentials), name_, *wanted);
}

}  // namespace inspector
