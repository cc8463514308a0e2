#include "inspector/rules/operators.h"

#include "inspector/ip_network.h"
#include "inspector/processing/python_repr.h"
#include "inspector/rules/parameters_of.h"
#include "inspector/rules/python_address.h"
#include "inspector/rules/python_value.h"
#include "inspector/rules/regex.h"

#include <algorithm>
#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

/// The field becomes what the value is: whole number or fraction; any other is compared as it is.
json::value coerced(const json::value& field, const json::value& expected) {
  if (expected.is_double()) return python_float(field);
  if (expected.is_number() || expected.is_bool()) return python_int(field);
  return field;
}

template <class Holds>
Check comparison(const json::object& params, std::string_view op, Holds holds) {
  check_parameters(params, {"value"});
  return [value = params.at("value"), op, holds](const json::value& field, Effort&) {
    return holds(python_order(coerced(field, value), value, op));
  };
}

Check equality(const json::object& params, bool wanted) {
  check_parameters(params, {"value"});
  return [value = params.at("value"), wanted](const json::value& field, Effort&) {
    return python_equal(coerced(field, value), value) == wanted;
  };
}

Check make_eq(const json::object& params) { return equality(params, true); }
Check make_ne(const json::object& params) { return equality(params, false); }
Check make_lt(const json::object& params) {
  return comparison(params, "<", [](std::partial_ordering order) { return std::is_lt(order); });
}
Check make_le(const json::object& params) {
  return comparison(params, "<=", [](std::partial_ordering order) { return std::is_lteq(order); });
}
Check make_gt(const json::object& params) {
  return comparison(params, ">", [](std::partial_ordering order) { return std::is_gt(order); });
}
Check make_ge(const json::object& params) {
  return comparison(params, ">=", [](std::partial_ordering order) { return std::is_gteq(order); });
}

Check make_in_net(const json::object& params) {
  check_parameters(params, {"value"});
  const std::string text = text_parameter(params, "value");
  try {
    return [network = IpNetwork(text)](const json::value& field, Effort&) {
      return network.contains(python_address(field));
    };
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(std::string("invalid value: ") + error.what());
  }
}

Regex regex_of(const std::string& pattern) {
  try {
    return Regex(pattern);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(std::string("invalid regular expression: ") + error.what());
  }
}

Check make_matches(const json::object& params) {
  std::string pattern = text_parameter(params, "value");
  regex_of(pattern);  // what is wrong with it is told without what is added
  if (!pattern.ends_with('$')) pattern += '$';
  return [regex = regex_of(pattern)](const json::value& field, Effort& effort) {
    return regex.matches_start(python_str(field), effort);
  };
}

Check make_contains(const json::object& params) {
  return [regex = regex_of(text_parameter(params, "value"))](const json::value& field,
                                                             Effort& effort) {
    return regex.occurs_in(python_str(field), effort);
  };
}

bool is_empty(const json::value& field) {
  if (const json::string* text = field.if_string()) return text->empty();
  if (const json::array* list = field.if_array()) return list->empty();
  if (const json::object* object = field.if_object()) return object->empty();
  return field.is_null();
}

Check make_is_empty(const json::object& params) {
  check_parameters(params, {});
  return [](const json::value& field, Effort&) { return is_empty(field); };
}

constexpr Operator kOperators[] = {
    {"contains", false, make_contains},
    {"eq", false, make_eq},
    {"ge", false, make_ge},
    {"gt", false, make_gt},
    {"in-net", false, make_in_net},
    {"is-empty", true, make_is_empty},
    {"le", false, make_le},
    {"lt", false, make_lt},
    {"matches", false, make_matches},
    {"ne", false, make_ne},
};

}  // namespace

std::span<const Operator> operators() noexcept { return kOperators; }

const Operator* find_operator(std::string_view name) noexcept {
  const auto* found = std::ranges::find(kOperators, name, &Operator::name);
  return found == std::end(kOperators) ? nullptr : found;
}

}  // namespace inspector
