#define PCRE2_CODE_UNIT_WIDTH 8
#include "inspector/rules/regex.h"

#include "inspector/error.h"

#include <pcre2.h>

#include <array>
#include <new>
#include <stdexcept>
#include <string>

namespace inspector {
namespace {

constexpr std::uint32_t kMostTries = 1'000'000;
constexpr std::uint32_t kMostHeap = 64 * 1024;  // KiB
constexpr std::size_t kSteps = 100;             // of Effort: a search does more than a look

std::string message(int code) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(code, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

/// `\u00e9` and `\U0001f600`, which PCRE2 writes as `\x{00e9}`; the escape's length, 0 for another.
std::size_t unicode_escape(std::string_view escape, std::string& out) {
  if (!escape.starts_with("\\u") && !escape.starts_with("\\U")) return 0;
  const std::size_t digits = escape[1] == 'u' ? 4 : 8;
  const std::string_view code = escape.substr(2, digits);
  if (code.size() < digits ||
      code.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
    throw std::invalid_argument("incomplete escape " + std::string(escape.substr(0, 2 + digits)));
  out += "\\x{" + std::string(code) + "}";
  return 2 + digits;
}

/// Python's `\Z` is the very end, `{,3}` counts from 0, and a bracket in a class is a character.
std::string rewritten(std::string_view pattern) {
  std::string out;
  std::size_t class_start = std::string_view::npos;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool in_class = class_start != std::string_view::npos;
    if (const std::size_t escape = unicode_escape(pattern.substr(i), out); escape > 0) {
      i += escape - 1;
    } else if (c == '\\' && i + 1 < pattern.size()) {
      const char escaped = pattern[++i];
      out += '\\';
      out += escaped == 'Z' && !in_class ? 'z' : escaped;
    } else if (in_class) {
      const std::size_t first = class_start + (pattern[class_start] == '^' ? 1 : 0);
      if (c == '[') out += '\\';
      out += c;
      if (c == ']' && i > first) class_start = std::string_view::npos;
    } else if (c == '{' && pattern.substr(i).starts_with("{,")) {
      out += "{0";
    } else {
      out += c;
      if (c == '[' && i + 1 < pattern.size()) class_start = i + 1;
    }
  }
  return out;
}

}  // namespace

struct Regex::Compiled {
  explicit Compiled(const std::string& pattern) {
    int error = 0;
    PCRE2_SIZE at = 0;
    code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                         PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C,
                         &error, &at, nullptr);
    if (code == nullptr)
      throw std::invalid_argument(message(error) + " at position " + std::to_string(at));
  }
  ~Compiled() { pcre2_code_free(code); }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  pcre2_code* code;
};

Regex::Regex(std::string_view pattern)
    : compiled_(std::make_shared<const Compiled>(rewritten(pattern))) {}

bool Regex::matches_start(std::string_view text, Effort& effort) const {
  return run(text, true, effort);
}

bool Regex::occurs_in(std::string_view text, Effort& effort) const {
  return run(text, false, effort);
}

bool Regex::run(std::string_view text, bool anchored, Effort& effort) const {
  effort.step(kSteps + text.size());
  using Data = std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)>;
  using Context = std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)>;
  const Data data(pcre2_match_data_create_from_pattern(compiled_->code, nullptr),
                  pcre2_match_data_free);
  const Context context(pcre2_match_context_create(nullptr), pcre2_match_context_free);
  if (!data || !context) throw std::bad_alloc();
  pcre2_set_match_limit(context.get(), kMostTries);
  pcre2_set_heap_limit(context.get(), kMostHeap);
  const int found =
      pcre2_match(compiled_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                  anchored ? PCRE2_ANCHORED : 0U, data.get(), context.get());
  if (found >= 0) return true;
  if (found == PCRE2_ERROR_NOMATCH) return false;
  throw Error(
      Errc::kBadRequest,
      "Introspection rules were given up on this report: a regular expression, " + message(found));
}

}  // namespace inspector
