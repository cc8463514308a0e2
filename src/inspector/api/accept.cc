#include "inspector/api/accept.h"

#include "http/message.h"

#include <algorithm>
#include <charconv>

namespace inspector {
namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

std::string_view next(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return trim(part);
}

/// One of the header's ranges.
struct Range {
  std::string_view type;
  double quality = 1;
  bool plain = true;  ///< has no parameters but its quality
};

Range range_of(std::string_view text) {
  Range range{.type = next(text, ';')};
  while (!text.empty()) {
    std::string_view value = next(text, ';');
    const std::string_view name = next(value, '=');
    if (http::same_name(name, "q"))
      std::from_chars(value.data(), value.data() + value.size(), range.quality);
    else
      range.plain = false;
  }
  return range;
}

/// How closely `range` names `offer`: 3 exactly, 2 as `text/*`, 1 as `*/*`, 0 not at all.
int closeness(const Range& range, std::string_view offer) {
  if (!range.plain) return 0;
  if (http::same_name(range.type, offer)) return 3;
  if (range.type == "*/*") return 1;
  const std::string_view family = offer.substr(0, offer.find('/') + 1);
  return range.type.ends_with("/*") &&
                 http::same_name(range.type.substr(0, range.type.size() - 1), family)
             ? 2
             : 0;
}

double quality(std::string_view accept, std::string_view offer) {
  int closest = 0;
  double found = 0;
  while (!accept.empty()) {
    const Range range = range_of(next(accept, ','));
    const int close = closeness(range, offer);
    if (close <= closest) continue;
    closest = close;
    found = range.quality;
  }
  return found;
}

}  // namespace

std::string_view accepted_type(std::string_view accept, std::span<const std::string_view> offers) {
  std::string_view best = offers.front();
  double highest = 0;
  for (const std::string_view offer : offers) {
    const double wanted = quality(accept, offer);
    if (wanted <= highest) continue;
    highest = wanted;
    best = offer;
  }
  return best;
}

}  // namespace inspector
