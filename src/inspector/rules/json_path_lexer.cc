#include "inspector/rules/json_path_lexer.h"

#include <charconv>
#include <limits>
#include <stdexcept>

namespace inspector {
namespace {

constexpr std::string_view kLiterals = "*.[](),:|&$";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}

bool continues_name(char c) { return starts_name(c) || is_digit(c) || c == '-'; }

/// The whole character at `at`: a name in another script is shown, not half of its first letter.
std::string character(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    ++end;
  return std::string(text.substr(at, end - at));
}

}  // namespace

std::string without_nul(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c == '\0' ? std::string("\\x00") : std::string(1, c);
  return out;
}

PathToken PathLexer::at_here(PathToken::Kind kind, std::size_t position, std::string text) const {
  return {kind, std::move(text), 0, line_, position - line_start_};
}

void PathLexer::skip_blanks() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '\n') {
      ++line_;
      line_start_ = at_;
    } else if (c != ' ' && c != '\t') {
      return;
    }
    ++at_;
  }
}

PathToken PathLexer::next() {
  skip_blanks();
  if (at_ >= text_.size()) return at_here(PathToken::Kind::kEnd, at_, "");
  const char c = text_[at_];
  if (c == '\'' || c == '"' || c == '`') return quoted(c);
  if (starts_name(c)) return name();
  const bool negative = c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
  if (is_digit(c) || negative) return number();
  if (text_.substr(at_).starts_with("..")) {
    at_ += 2;
    return at_here(PathToken::Kind::kDoubleDot, at_ - 2, "..");
  }
  if (kLiterals.find(c) == std::string_view::npos)
    throw std::invalid_argument(
        "Error on line " + std::to_string(line_) + ", col " + std::to_string(at_ - line_start_) +
        ": Unexpected character: " + without_nul(character(text_, at_)) + " ");
  ++at_;
  return at_here(PathToken::Kind::kLiteral, at_ - 1, std::string(1, c));
}

PathToken PathLexer::quoted(char quote) {
  std::string value;
  for (++at_; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == quote) {
      ++at_;
      return at_here(quote == '`' ? PathToken::Kind::kNamedOperator : PathToken::Kind::kName,
                     at_ - 1, std::move(value));
    }
    if (c == '\\' && at_ + 1 < text_.size()) ++at_;
    value += text_[at_];
  }
  throw std::invalid_argument("Unexpected EOF in string literal or identifier");
}

PathToken PathLexer::name() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && continues_name(text_[at_]))
    ++at_;
  std::string word(text_.substr(begin, at_ - begin));
  const auto kind = word == "where" ? PathToken::Kind::kWhere : PathToken::Kind::kName;
  return at_here(kind, begin, std::move(word));
}

PathToken PathLexer::number() {
  const std::size_t begin = at_++;
  while (at_ < text_.size() && is_digit(text_[at_]))
    ++at_;
  const std::string_view digits = text_.substr(begin, at_ - begin);
  PathToken token = at_here(PathToken::Kind::kNumber, begin, std::string(digits));
  using Limits = std::numeric_limits<std::int64_t>;
  const auto [end, failed] =
      std::from_chars(digits.data(), digits.data() + digits.size(), token.number);
  if (failed == std::errc::result_out_of_range)
    token.number = digits.front() == '-' ? Limits::min() : Limits::max();
  return token;
}

}  // namespace inspector
