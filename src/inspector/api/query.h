#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inspector {

/// Decodes `%xx`; what is not a valid escape stays as it is. Throws Error{kBadRequest} when the
/// result is not UTF-8 or has control characters: nothing that we name has any.
std::string percent_decode(std::string_view text);

/// The parameters behind the `?` of a URL.
class Query {
 public:
  Query() = default;
  /// Throws Error{kBadRequest}: not UTF-8, or control characters.
  explicit Query(std::string_view text);

  /// The first of that name: later ones do not count.
  std::optional<std::string> get(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace inspector
