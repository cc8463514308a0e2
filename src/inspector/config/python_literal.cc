#include "inspector/config/python_literal.h"

#include <cctype>
#include <charconv>
#include <stdexcept>

namespace inspector {
namespace {

using Kind = PythonLiteral::Kind;

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::vector<PythonLiteral> arguments() {
    std::vector<PythonLiteral> values = list('\0', 0);
    if (values.size() == 1 && values.front().kind == Kind::kTuple && !followed_by_comma_)
      return std::move(values.front().items);
    return values;
  }

 private:
  static constexpr int kDeepest = 8;

  [[noreturn]] static void refuse() {
    throw std::runtime_error("args are not texts, whole numbers, names and tuples of them");
  }

  void skip_blanks() {
    while (!rest_.empty() && std::isspace(static_cast<unsigned char>(rest_.front())))
      rest_.remove_prefix(1);
  }

  bool take(char c) {
    skip_blanks();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Up to `close`; '\0': the end of all.
  std::vector<PythonLiteral> list(char close, int depth) {
    if (depth > kDeepest) refuse();
    std::vector<PythonLiteral> values;
    for (;;) {
      skip_blanks();
      if (close == '\0' ? rest_.empty() : take(close)) return values;
      values.push_back(product(depth));
      followed_by_comma_ = take(',');
      if (followed_by_comma_) continue;
      if (close == '\0' ? rest_.empty() : take(close)) return values;
      refuse();
    }
  }

  PythonLiteral product(int depth) {
    PythonLiteral left = value(depth);
    while (take('*')) {
      const PythonLiteral right = value(depth);
      if (left.kind != Kind::kNumber || right.kind != Kind::kNumber ||
          __builtin_mul_overflow(left.number, right.number, &left.number))
        refuse();
    }
    return left;
  }

  PythonLiteral value(int depth) {
    skip_blanks();
    if (rest_.empty()) refuse();
    const char c = rest_.front();
    if (c == '\'' || c == '"') return quoted(c);
    if (take('(')) {
      PythonLiteral tuple{.kind = Kind::kTuple, .items = list(')', depth + 1)};
      return tuple;
    }
    if (c == '-' || std::isdigit(static_cast<unsigned char>(c))) return number();
    return name();
  }

  PythonLiteral quoted(char quote) {
    rest_.remove_prefix(1);
    PythonLiteral text{.kind = Kind::kText};
    for (; !rest_.empty() && rest_.front() != quote; rest_.remove_prefix(1)) {
      if (rest_.front() == '\\') {
        rest_.remove_prefix(1);
        if (rest_.empty() || (rest_.front() != '\\' && rest_.front() != quote)) refuse();
      }
      text.text += rest_.front();
    }
    if (rest_.empty()) refuse();
    rest_.remove_prefix(1);
    return text;
  }

  PythonLiteral number() {
    PythonLiteral value{.kind = Kind::kNumber};
    const auto [end, failed] =
        std::from_chars(rest_.data(), rest_.data() + rest_.size(), value.number);
    if (failed != std::errc()) refuse();
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  PythonLiteral name() {
    PythonLiteral value{.kind = Kind::kName};
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '.') break;
      value.text += c;
      rest_.remove_prefix(1);
    }
    if (value.text.empty()) refuse();
    return value;
  }

  std::string_view rest_;
  bool followed_by_comma_ = false;
};

}  // namespace

std::vector<PythonLiteral> parse_python_arguments(std::string_view text) {
  return Parser(text).arguments();
}

}  // namespace inspector
