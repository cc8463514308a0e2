#include "sql/postgresql_answer.h"

#include <cstdlib>

namespace sql {
namespace {

/// SOCI's and libpq's phrases about a failure say the same thing several times over several lines.
std::string first_words(std::string text) {
  if (const std::size_t error = text.find("ERROR: "); error != std::string::npos)
    text.erase(0, error + 7);
  const std::size_t begin = text.find_first_not_of(" \n");
  text = begin == std::string::npos ? "no reason given" : text.substr(begin);
  return text.substr(0, text.find('\n'));
}

Errc code_of(const std::string& state) {
  if (state == "23505") return Errc::kDuplicate;
  if (state == "40001" || state == "40P01" || state == "55P03") return Errc::kConflict;
  if (state.starts_with("22")) return Errc::kBadData;
  if (state.starts_with("08") || state.starts_with("57") || state.starts_with("53") ||
      state == "25P03")
    return Errc::kUnreachable;
  return Errc::kOther;
}

}  // namespace

Answer read_answer(const PGresult* result) {
  const int width = PQnfields(result);
  auto names = std::make_shared<std::vector<std::string>>();
  names->reserve(static_cast<std::size_t>(width));
  for (int i = 0; i < width; ++i)
    names->emplace_back(PQfname(result, i));
  Answer answer;
  for (int row = 0; row < PQntuples(result); ++row) {
    std::vector<std::optional<std::string>> columns(names->size());
    for (int i = 0; i < width; ++i)
      if (!PQgetisnull(result, row, i))
        columns[static_cast<std::size_t>(i)].emplace(
            PQgetvalue(result, row, i), static_cast<std::size_t>(PQgetlength(result, row, i)));
    answer.rows.emplace_back(names, std::move(columns));
  }
  // A const PGresult has no function for it in libpq 15, which changes nothing in it.
  answer.changed = width == 0 ? std::atoll(PQcmdTuples(const_cast<PGresult*>(result))) : 0;
  return answer;
}

Failure postgresql_failure(const std::string& state, const std::string& text) {
  return {code_of(state), "PostgreSQL: " + first_words(text), state};
}

}  // namespace sql
