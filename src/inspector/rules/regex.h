#pragma once
#include "inspector/rules/effort.h"

#include <memory>
#include <string_view>

namespace inspector {

/// A regular expression in Python's dialect, over characters (PCRE2 with what differs rewritten).
/// A search that tries more than a million ways is given up, so no pattern and no text can make it
/// run for long. Thread-safe.
class Regex {
 public:
  /// Throws std::invalid_argument that says what is wrong with it and where.
  explicit Regex(std::string_view pattern);

  /// re.match: from the start of `text`, not necessarily to its end; re.search: anywhere. Throw
  /// inspector::Error{kBadRequest} when the search is given up, and as Effort does.
  bool matches_start(std::string_view text, Effort& effort) const;
  bool occurs_in(std::string_view text, Effort& effort) const;

 private:
  struct Compiled;
  bool run(std::string_view text, bool anchored, Effort& effort) const;

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace inspector
