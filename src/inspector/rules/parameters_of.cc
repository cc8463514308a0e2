#include "inspector/rules/parameters_of.h"

#include "inspector/processing/python_repr.h"

#include <boost/json.hpp>

#include <algorithm>
#include <set>
#include <stdexcept>

namespace inspector {
namespace {

std::string joined(const std::set<std::string_view>& names) {
  std::string out;
  for (const std::string_view name : names)
    out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

}  // namespace

void check_parameters(const boost::json::object& params,
                      std::initializer_list<std::string_view> required,
                      std::initializer_list<std::string_view> optional) {
  std::set<std::string_view> missing(required);
  std::set<std::string_view> unexpected;
  for (const auto& [key, value] : params) {
    const std::string_view name = key;
    if (value.is_null() || missing.erase(name) > 0) continue;
    if (std::ranges::find(optional, name) == optional.end()) unexpected.insert(name);
  }
  std::string text;
  if (!missing.empty()) text = "missing required parameter(s): " + joined(missing);
  if (!unexpected.empty())
    text += (text.empty() ? "" : "; ") + ("unexpected parameter(s): " + joined(unexpected));
  if (!text.empty()) throw std::invalid_argument(text);
}

std::string text_parameter(const boost::json::object& params, std::string_view name) {
  const boost::json::value* value = params.if_contains(name);
  if (value == nullptr || value->is_null())
    throw std::invalid_argument("missing required parameter(s): " + std::string(name));
  if (!value->is_string())
    throw std::invalid_argument(std::string(name) + " must be a string, got " + shown(*value));
  return std::string(value->get_string());
}

}  // namespace inspector
