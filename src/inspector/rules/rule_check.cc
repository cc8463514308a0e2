#include "inspector/rules/rule_check.h"

#include "inspector/error.h"
#include "inspector/processing/python_repr.h"
#include "inspector/rules/actions.h"
#include "inspector/rules/condition.h"
#include "inspector/uuid.h"

#include <algorithm>
#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestUuid = 36, kLongestScope = 255;  // of their columns
constexpr std::size_t kMostParts = 1000;                       // conditions, or actions, of a rule

Error bad(const std::string& text) { return {Errc::kBadRequest, text}; }

/// What JSON schema calls wrong: the first line of its text.
class Invalid : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

[[noreturn]] void wrong_type(const json::value& value, std::string_view type) {
  throw Invalid(shown(value) + " is not of type '" + std::string(type) + "'");
}

const json::value* member(const json::object& object, std::string_view name) {
  return object.if_contains(name);
}

void require(const json::object& object, std::string_view name) {
  if (!object.contains(name)) throw Invalid("'" + std::string(name) + "' is a required property");
}

template <class Names>
void check_one_of(const json::object& object, std::string_view key, const Names& names) {
  const json::value* value = member(object, key);
  if (value == nullptr) return;
  std::string list;
  for (const auto& name : names) {
    if (value->is_string() && value->get_string() == name) return;
    list += (list.empty() ? "'" : ", '") + std::string(name) + "'";
  }
  throw Invalid(shown(*value) + " is not one of [" + list + "]");
}

template <class Table>
std::vector<std::string_view> names_of(const Table& table) {
  std::vector<std::string_view> names;
  for (const auto& entry : table)
    names.push_back(entry.name);
  return names;
}

void check_condition_object(const json::object& condition) {
  constexpr std::string_view kMultiple[] = {"all", "any", "first"};
  check_one_of(condition, "op", names_of(operators()));
  if (const json::value* field = member(condition, "field"); !field->is_string())
    wrong_type(*field, "string");
  check_one_of(condition, "multiple", kMultiple);
  const json::value* invert = member(condition, "invert");
  if (invert != nullptr && !invert->is_bool()) wrong_type(*invert, "boolean");
}

void check_action_object(const json::object& action) {
  check_one_of(action, "action", names_of(actions()));
}

/// What is wrong with a whole entry is told before what is wrong within one.
const json::array& checked_list(const json::value& value,
                                std::initializer_list<std::string_view> required) {
  if (!value.is_array()) wrong_type(value, "array");
  if (value.get_array().size() > kMostParts) throw Invalid("the list is too long");
  for (const json::value& entry : value.get_array())
    if (!entry.is_object()) wrong_type(entry, "object");
  for (const json::value& entry : value.get_array())
    for (const std::string_view name : required)
      require(entry.get_object(), name);
  return value.get_array();
}

RuleCondition condition_of(const json::object& request) {
  RuleCondition condition;
  for (const auto& [name, value] : request) {
    if (name == "op")
      condition.op = std::string(value.get_string());
    else if (name == "field")
      condition.field = std::string(value.get_string());
    else if (name == "multiple")
      condition.multiple = std::string(value.get_string());
    else if (name == "invert")
      condition.invert = value.get_bool();
    else
      condition.params.emplace(name, value);
  }
  return condition;
}

std::vector<RuleCondition> conditions_of(const json::value& request) {
  const json::array* list = nullptr;
  try {
    list = &checked_list(request, {"op", "field"});
    for (const json::value& entry : *list)
      check_condition_object(entry.get_object());
  } catch (const Invalid& error) {
    throw bad(std::string("Validation failed for conditions: ") + error.what());
  }
  std::vector<RuleCondition> conditions;
  for (const json::value& entry : *list) {
    conditions.push_back(condition_of(entry.get_object()));
    const Condition usable(conditions.back());
  }
  return conditions;
}

RuleAction action_of(const json::object& request) {
  RuleAction action;
  for (const auto& [name, value] : request) {
    if (name == "action")
      action.action = std::string(value.get_string());
    else
      action.params.emplace(name, value);
  }
  return action;
}

std::vector<RuleAction> actions_of(const json::value& request) {
  std::vector<RuleAction> found;
  try {
    const json::array& list = checked_list(request, {"action"});
    if (list.empty()) throw Invalid("[] is too short");
    for (const json::value& entry : list)
      check_action_object(entry.get_object());
    for (const json::value& entry : list)
      found.push_back(action_of(entry.get_object()));
  } catch (const Invalid& error) {
    throw bad(std::string("Validation failed for actions: ") + error.what());
  }
  for (const RuleAction& action : found) {
    try {
      find_action(action.action)->make(action.params);
    } catch (const std::invalid_argument& error) {
      throw bad("Invalid parameters for action " + action.action + ": " + error.what());
    }
  }
  return found;
}

std::string uuid_of(const json::object& request) {
  const json::value* uuid = member(request, "uuid");
  if (uuid == nullptr || uuid->is_null()) return {};
  const json::string* text = uuid->if_string();
  if (text != nullptr && text->empty()) return {};
  if (text == nullptr || text->size() > kLongestUuid || !is_uuid_like(*text))
    throw bad("Invalid UUID value");
  return std::string(*text);
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// A text without NUL (no database takes one) or null.
json::value text_or_null(const json::object& request, std::string_view name) {
  const json::value* value = member(request, name);
  if (value == nullptr) return nullptr;
  const json::string* text = value->if_string();
  if (text != nullptr && text->find('\0') != json::string::npos)
    throw bad("Invalid " + std::string(name) + ": contains a NUL character");
  if (text == nullptr && !value->is_null())
    throw bad("Invalid " + std::string(name) + ": expected a string, got " +
              std::string(python_type(*value)));
  return *value;
}

json::value scope_of(const json::object& request) {
  json::value scope = text_or_null(request, "scope");
  if (scope.is_string() && characters(scope.get_string()) > kLongestScope)
    throw bad("Invalid scope: the length of the scope should be within 255 characters");
  return scope;
}

}  // namespace

Rule checked_rule(const json::object& request) {
  Rule rule;
  rule.uuid = uuid_of(request);
  rule.scope = scope_of(request);
  rule.description = text_or_null(request, "description");
  const json::value* conditions = member(request, "conditions");
  const json::value* actions = member(request, "actions");
  rule.conditions = conditions_of(conditions != nullptr ? *conditions : json::value(json::array()));
  rule.actions = actions_of(actions != nullptr ? *actions : json::value(json::array()));
  return rule;
}

}  // namespace inspector
