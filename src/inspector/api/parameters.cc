#include "inspector/api/parameters.h"

#include "inspector/api/query.h"
#include "inspector/error.h"
#include "inspector/processing/python_repr.h"
#include "inspector/uuid.h"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <optional>

namespace inspector {
namespace {

Error bad_request(const std::string& text) { return {Errc::kBadRequest, "Bad request: " + text}; }

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// What Python's int() makes of it: blanks around, a sign, single underscores between digits. A
/// number too big to hold is the biggest that can be.
std::optional<std::int64_t> python_int(std::string_view text) {
  text = trim(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  std::int64_t value = 0;
  bool after_digit = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && !(c == '_' && after_digit)) return std::nullopt;
    after_digit = digit;
    if (digit) value = value > (kMost - 9) / 10 ? kMost : value * 10 + (c - '0');
  }
  if (!after_digit) return std::nullopt;
  return negative ? -value : value;
}

}  // namespace

bool manage_boot_of(const Query& query) {
  const std::optional<std::string> value = query.get("manage_boot");
  if (!value) return true;
  const std::string word = lower(trim(*value));
  for (const std::string_view yes : {"1", "t", "true", "on", "y", "yes"})
    if (word == yes) return true;
  for (const std::string_view no : {"0", "f", "false", "off", "n", "no"})
    if (word == no) return false;
  throw Error(Errc::kBadRequest, "Invalid boolean value for manage_boot: " + *value);
}

std::size_t limit_of(const Query& query, std::size_t most) {
  const std::optional<std::string> value = query.get("limit");
  if (!value) return most;
  const std::optional<std::int64_t> limit = python_int(*value);
  if (!limit)
    throw bad_request("invalid literal for int() with base 10: " +
                      python_repr(boost::json::string(*value)));
  if (*limit < 0) throw bad_request("Limit cannot be negative");
  if (static_cast<std::uint64_t>(*limit) > most)
    throw bad_request("Limit over " + std::to_string(most));
  return *limit == 0 ? most : static_cast<std::size_t>(*limit);
}

std::string marker_of(const Query& query) {
  const std::optional<std::string> value = query.get("marker");
  if (!value) return {};
  std::optional<std::string> uuid = canonical_uuid(*value);
  if (!uuid) throw bad_request("Marker not UUID-like");
  return *std::move(uuid);
}

std::vector<State> states_of(const Query& query) {
  std::vector<State> states;
  const std::optional<std::string> value = query.get("state");
  if (!value) return states;
  std::string wrong;
  bool any_wrong = false;
  std::string_view rest = *value;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    if (const std::optional<State> state = state_from_name(word)) {
      if (std::find(states.begin(), states.end(), *state) == states.end()) states.push_back(*state);
    } else {
      if (any_wrong) wrong += ", ";
      wrong += word;
      any_wrong = true;
    }
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (any_wrong) throw bad_request("State(s) \"" + wrong + "\" are not valid");
  return states;
}

}  // namespace inspector
