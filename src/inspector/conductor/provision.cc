#include "inspector/conductor/provision.h"

#include "inspector/error.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cctype>
#include <string>
#include <string_view>

namespace inspector {
namespace {

constexpr std::array<std::string_view, 5> kValid = {"enroll", "manageable", "inspecting",
                                                    "inspect wait", "inspect failed"};
constexpr std::array<std::string_view, 2> kInUse = {"active", "rescue"};
constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "true", "on", "y", "yes"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t\n\r\f\v";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string text_or(const boost::json::value* value, std::string_view fallback) {
  if (value == nullptr || !value->is_string()) return std::string(fallback);
  return lower(value->get_string());
}

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

}  // namespace

bool check_provision_state(const boost::json::object& node, bool permit_active) {
  const std::string state = text_or(node.if_contains("provision_state"), "none");
  if (one_of(kValid, state)) return false;
  if (permit_active && one_of(kInUse, state)) return true;
  std::string valid;
  for (const std::string_view each : kValid)
    valid += (valid.empty() ? "'" : ", '") + std::string(each) + "'";
  throw Error(Errc::kBadRequest, "Invalid provision state for introspection: \"" + state +
                                     "\", valid states are \"[" + valid + "]\"");
}

bool is_in_use(std::string_view provision_state) { return one_of(kInUse, lower(provision_state)); }

bool wants_persistent_boot(const boost::json::object& node) {
  const boost::json::value* info = node.if_contains("driver_info");
  if (info == nullptr || !info->is_object()) return false;
  const boost::json::value* value = info->get_object().if_contains("force_persistent_boot_device");
  if (value == nullptr) return false;
  if (value->is_bool()) return value->get_bool();
  if (value->is_int64()) return value->get_int64() == 1;
  if (!value->is_string()) return false;
  const std::string_view text = value->get_string();
  return text == "Always" || one_of(kTrue, lower(trim(text)));
}

}  // namespace inspector
