#include "inspector/processing/disk_hints.h"

#include "inspector/processing/fields.h"
#include "inspector/processing/hook.h"
#include "inspector/processing/python_repr.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace inspector {
namespace {

namespace json = boost::json;

enum class Kind { kText, kSize, kFlag };

struct Known {
  std::string_view name;
  Kind kind;
};

constexpr std::array<Known, 11> kKnown{{{"size", Kind::kSize},
                                        {"model", Kind::kText},
                                        {"wwn", Kind::kText},
                                        {"serial", Kind::kText},
                                        {"vendor", Kind::kText},
                                        {"wwn_with_extension", Kind::kText},
                                        {"wwn_vendor_extension", Kind::kText},
                                        {"name", Kind::kText},
                                        {"rotational", Kind::kFlag},
                                        {"hctl", Kind::kText},
                                        {"by_path", Kind::kText}}};

// Longer ones first, so that `=` is not found where `==` stands.
constexpr std::array<std::string_view, 16> kOperators{
    "<all-in>", "<in>", "<or>", "s==", "s!=", "s>=", "s<=", "s>",
    "s<",       "==",   "!=",   ">=",  "<=",  "=",   ">",   "<"};

constexpr double kGiB = 1024.0 * 1024 * 1024;

std::string_view trim(std::string_view s) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = s.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(kBlank) - first + 1);
}

std::string normal(std::string_view s) {
  std::string out(trim(s));
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::optional<double> number(std::string_view text) {
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return out;
}

std::optional<bool> boolean(const json::value& value) {
  static constexpr std::array<std::string_view, 6> kTrue{"1", "t", "true", "on", "y", "yes"};
  static constexpr std::array<std::string_view, 6> kFalse{"0", "f", "false", "off", "n", "no"};
  const std::string word = normal(python_str(value));
  if (std::ranges::find(kTrue, word) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, word) != kFalse.end()) return false;
  return std::nullopt;
}

[[noreturn]] void reject(std::string_view name, std::string_view what, const json::value& value) {
  throw Rejected("Root device hint \"" + std::string(name) + "\" " + std::string(what) +
                 cut(python_str(value), 200));
}

// `<or> a <or> b` and `<all-in> a b` have several values, all else one, blanks within included.
std::vector<std::string> split(std::string_view text, std::string_view op) {
  std::vector<std::string> out;
  const std::string_view separator = op == "<all-in>" ? " " : "<or>";
  if (op != "<or>" && op != "<all-in>") return {normal(text)};
  while (!text.empty()) {
    const auto end = text.find(separator);
    if (auto word = normal(text.substr(0, end)); !word.empty()) out.push_back(std::move(word));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + separator.size());
  }
  return out;
}

bool needs_numbers(std::string_view op) {
  return op.front() != 's' && (op.front() != '<' || op == "<" || op == "<=");
}

template <class T>
bool compare(std::string_view op, const T& seen, const T& wanted) {
  if (op.starts_with('s')) op.remove_prefix(1);
  if (op == "==" || op == "<or>") return seen == wanted;
  if (op == "!=") return seen != wanted;
  if (op == ">=" || op == "=") return seen >= wanted;
  if (op == "<=") return seen <= wanted;
  return op == ">" ? seen > wanted : seen < wanted;
}

// The operator decides how words combine, and whether they are texts or numbers.
bool text_matches(std::string_view op, const std::vector<std::string>& words,
                  const std::string& seen) {
  if (op == "<in>" || op == "<all-in>")
    return std::ranges::all_of(
        words, [&](const std::string& w) { return seen.find(w) != std::string::npos; });
  if (!needs_numbers(op))
    return std::ranges::any_of(words, [&](const std::string& w) { return compare(op, seen, w); });
  const auto seen_number = number(seen);
  return seen_number && compare(op, *seen_number, number(words.front()).value_or(0));
}

}  // namespace

DiskHints::DiskHints(const json::value& hints) {
  const auto* object = hints.if_object();
  if (object == nullptr) throw Rejected("expected an object of hints, got " + shown(hints));
  std::string bad, valid;
  const auto append = [](std::string& to, std::string_view name) {
    to += (to.empty() ? "" : ", ") + std::string(name);
  };
  for (const auto& [name, value] : *object)
    if (std::ranges::find(kKnown, std::string_view(name), &Known::name) == kKnown.end())
      append(bad, name);
  for (const auto& known : kKnown)
    append(valid, known.name);
  if (!bad.empty())
    throw Rejected("The hints \"" + bad + "\" are invalid. Valid hints are: \"" + valid + "\"");
  for (const auto& [name, value] : *object)
    hints_.push_back(parse(name, value));
}

DiskHints::Hint DiskHints::parse(std::string_view name, const json::value& value) {
  const Kind kind = std::ranges::find(kKnown, name, &Known::name)->kind;
  Hint hint{std::string(name), kind == Kind::kSize ? "==" : "s==", {}, {}};
  if (kind == Kind::kFlag) {
    hint.flag = boolean(value);
    if (!hint.flag) reject(name, "is not a Boolean value. Current value: ", value);
    return hint;
  }
  if (kind == Kind::kText && !value.is_string())
    reject(name, "is not a string value. Hint expression: ", value);

  const std::string whole = normal(python_str(value));
  std::string_view rest = whole;
  for (const auto op : kOperators) {
    if (!rest.starts_with(op)) continue;
    hint.op = op;
    rest.remove_prefix(op.size());
    break;
  }
  hint.words = split(trim(rest), hint.op);
  if (hint.words.empty() || hint.words.front().empty())
    throw Rejected("Root device hint \"" + hint.name + "\" expression is empty");

  if (kind == Kind::kSize) {
    if (hint.op == "<in>" || hint.op == "<all-in>")
      reject(name, "is a number, to which <in> and <all-in> do not apply. Current value: ", value);
    for (const auto& word : hint.words) {
      const auto size = as_integer(json::value(word));
      if (!size) reject(name, "is not an integer value. Current value: ", value);
      if (*size <= 0) reject(name, "should be a positive integer. Current value: ", value);
    }
  } else if (needs_numbers(hint.op) && !number(hint.words.front())) {
    reject(name, "compares numbers but has none. Current value: ", value);
  }
  return hint;
}

bool DiskHints::matches(const json::object& disk) const {
  return std::ranges::all_of(hints_, [&](const Hint& hint) { return matches(hint, disk); });
}

bool DiskHints::matches(const Hint& hint, const json::object& disk) {
  const auto* found = disk.if_contains(hint.name);
  static const json::value kNone;
  const json::value& value = found != nullptr ? *found : kNone;
  if (hint.flag) return boolean(value) == hint.flag;
  if (hint.name == "size") {
    if (!value.is_number()) return false;
    const double size = value.to_number<double>() / kGiB;
    return std::ranges::any_of(hint.words, [&](const std::string& word) {
      return compare(hint.op, size, number(word).value_or(0));
    });
  }
  const std::string seen = normal(python_str(value));
  return !seen.empty() && text_matches(hint.op, hint.words, seen);
}

}  // namespace inspector
