#include "inspector/read_json.h"

#include <charconv>

namespace inspector {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::size_t kEscape = 6;  // of `\u0000`

/// Of `\u1234` at the beginning of `text`; nullopt: something else stands there.
std::optional<unsigned> unit_at(std::string_view text) {
  if (!text.starts_with("\\u") || text.size() < kEscape) return std::nullopt;
  unsigned unit = 0;
  const char* end = text.data() + kEscape;
  const auto [stop, failed] = std::from_chars(text.data() + 2, end, unit, 16);
  return failed == std::errc() && stop == end ? std::optional(unit) : std::nullopt;
}

bool is_high(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : text_(text) {}

  std::optional<std::string> result() {
    if (text_.starts_with(kMark)) replace(kMark.size(), "");
    while (at_ < text_.size())
      in_string_ ? step_in_string() : step();
    return changed_ ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  void copy(std::size_t length) {
    out_ += text_.substr(at_, length);
    at_ += length;
  }
  void replace(std::size_t length, std::string_view by) {
    out_ += by;
    at_ += length;
    changed_ = true;
  }

  void step() {
    for (const std::string_view word : {"NaN", "Infinity", "-Infinity"})
      if (rest().starts_with(word)) return replace(word.size(), "null");
    in_string_ = text_[at_] == '"';
    copy(1);
  }

  void step_in_string() {
    if (text_[at_] != '\\') {
      in_string_ = text_[at_] != '"';
      return copy(1);
    }
    const std::optional<unsigned> unit = unit_at(rest());
    if (!unit) return copy(2);  // substr() ends with the text
    const auto next = is_high(*unit) ? unit_at(rest().substr(kEscape)) : std::nullopt;
    if (next && is_low(*next)) return copy(2 * kEscape);
    if (is_high(*unit) || is_low(*unit)) return replace(kEscape, "\\ufffd");
    copy(kEscape);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  bool in_string_ = false;
  bool changed_ = false;
};

}  // namespace

std::optional<std::string> strict_json(std::string_view text) { return Rewriter(text).result(); }

boost::json::value read_json(std::string_view text, boost::json::error_code& error) {
  boost::json::parse_options options;
  options.max_depth = kDeepestKept;
  boost::json::value value = boost::json::parse(text, error, {}, options);
  if (!error || error == boost::json::error::too_deep) return value;
  const std::optional<std::string> strict = strict_json(text);
  if (!strict) return value;
  return boost::json::parse(*strict, error, {}, options);
}

}  // namespace inspector
