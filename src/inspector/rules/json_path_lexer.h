#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace inspector {

struct PathToken {
  enum class Kind { kEnd, kLiteral, kDoubleDot, kNumber, kName, kNamedOperator, kWhere };
  Kind kind = Kind::kEnd;
  std::string text;         ///< of a name without its quotes; of a literal the character
  std::int64_t number = 0;  ///< one too big to hold is the biggest that can be
  int line = 1;
  std::size_t column = 0;
};

/// `\x00` for each NUL: the text of an exception would end there.
std::string without_nul(std::string_view text);

/// Takes a JSONPath apart, one token at a time. Throws std::invalid_argument with upstream's texts.
class PathLexer {
 public:
  explicit PathLexer(std::string_view text) : text_(text) {}
  PathToken next();

 private:
  void skip_blanks();
  PathToken quoted(char quote);
  PathToken name();
  PathToken number();
  PathToken at_here(PathToken::Kind kind, std::size_t position, std::string text) const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

}  // namespace inspector
