#include "sql/database.h"

#include <charconv>

namespace sql {

const std::optional<std::string>& Row::at(std::size_t column) const {
  if (column >= columns_.size())
    throw Error(Errc::kBadData, "the answer has " + std::to_string(columns_.size()) +
                                    " columns, none with index " + std::to_string(column));
  return columns_[column];
}

void Row::bad(std::size_t column, std::string_view expected) const {
  const auto& value = at(column);
  const std::string name =
      names_ && column < names_->size() ? (*names_)[column] : std::to_string(column);
  throw Error(Errc::kBadData, "column " + name + ": " +
                                  (value ? "'" + value->substr(0, 100) + "'" : "null") +
                                  " is not " + std::string(expected));
}

bool Row::null(std::size_t column) const { return !at(column); }

const std::string& Row::text(std::size_t column) const {
  const auto& value = at(column);
  if (!value) bad(column, "a text");
  return *value;
}

std::optional<std::string> Row::maybe_text(std::size_t column) const { return at(column); }

std::int64_t Row::integer(std::size_t column) const {
  const auto& value = at(column);
  std::int64_t number = 0;
  if (value) {
    const char* end = value->data() + value->size();
    const auto [rest, error] = std::from_chars(value->data(), end, number);
    if (error == std::errc() && rest == end) return number;
  }
  bad(column, "an integer");
}

bool Row::boolean(std::size_t column) const {
  const auto& value = at(column);
  if (value == "t" || value == "true" || value == "1") return true;
  if (value == "f" || value == "false" || value == "0") return false;
  bad(column, "a boolean");
}

}  // namespace sql
