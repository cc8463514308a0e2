#include "inspector/api/testing/json_schema.h"

#include <boost/json.hpp>

#include <algorithm>

namespace inspector::api_test {
namespace {

namespace json = boost::json;

bool is_of(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  return type == "integer" && (value.is_int64() || value.is_uint64());
}

std::string check_object(const json::object& object, const json::object& schema,
                         const json::value& document, const std::string& place) {
  static const json::object kNone;
  const json::value* listed = schema.if_contains("properties");
  const json::object& properties = listed != nullptr ? listed->as_object() : kNone;
  if (const json::value* required = schema.if_contains("required"))
    for (const json::value& name : required->as_array())
      if (!object.contains(name.as_string()))
        return place + " lacks " + std::string(name.as_string());
  if (const json::value* most = schema.if_contains("maxProperties"))
    if (object.size() > most->to_number<std::size_t>()) return place + " has too many members";
  const json::value* others = schema.if_contains("additionalProperties");
  for (const auto& [name, member] : object) {
    const std::string where = place + "." + std::string(name);
    const json::value* described = properties.if_contains(name);
    if (described == nullptr && others != nullptr && *others == false)
      return where + " is not described";
    if (described == nullptr) continue;
    if (std::string found = violation(member, *described, document, where); !found.empty())
      return found;
  }
  return {};
}

std::string check_array(const json::array& array, const json::object& schema,
                        const json::value& document, const std::string& place) {
  const json::value* least = schema.if_contains("minItems");
  const json::value* most = schema.if_contains("maxItems");
  if (least != nullptr && array.size() < least->to_number<std::size_t>())
    return place + " is short";
  if (most != nullptr && array.size() > most->to_number<std::size_t>()) return place + " is long";
  const json::value* items = schema.if_contains("items");
  if (items == nullptr) return {};
  for (const json::value& item : array)
    if (std::string found = violation(item, *items, document, place + "[]"); !found.empty())
      return found;
  return {};
}

std::string unknown_word(const json::object& schema) {
  constexpr std::string_view kKnown[] = {
      "type",  "nullable", "enum",     "properties", "required",     "additionalProperties",
      "items", "minItems", "maxItems", "maxLength",  "maxProperties"};
  for (const auto& [word, value] : schema)
    if (std::ranges::find(kKnown, std::string_view(word)) == std::end(kKnown))
      return std::string(word);
  return {};
}

}  // namespace

std::string violation(const json::value& value, const json::value& schema,
                      const json::value& document, const std::string& place) {
  const json::object& words = schema.as_object();
  if (const json::value* ref = words.if_contains("$ref"))
    return violation(value, document.at_pointer(std::string(ref->as_string()).substr(1)), document,
                     place);
  if (const std::string word = unknown_word(words); !word.empty())
    return place + ": the schema says " + word;
  const json::value* nullable = words.if_contains("nullable");
  if (value.is_null() && nullable != nullptr && *nullable == true) return {};
  if (const json::value* type = words.if_contains("type"); !is_of(value, type->as_string()))
    return place + " is no " + std::string(type->as_string());
  if (const json::value* choice = words.if_contains("enum"))
    if (std::ranges::find(choice->as_array(), value) == choice->as_array().end())
      return place + " is none of those listed";
  if (const json::object* object = value.if_object())
    return check_object(*object, words, document, place);
  if (const json::array* array = value.if_array())
    return check_array(*array, words, document, place);
  return {};
}

}  // namespace inspector::api_test
