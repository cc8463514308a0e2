#pragma once
#include "sql/database.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sql {

/// A SQLAlchemy-style URL taken apart; see Database for the forms.
struct Url {
  Dialect dialect = Dialect::kSqlite;
  std::string user;
  std::string password;
  std::string host;
  std::string port;
  std::string database;  ///< a name; of SQLite a file, empty: in memory
  std::vector<std::pair<std::string, std::string>> options;

  bool in_memory() const noexcept { return dialect == Dialect::kSqlite && database.empty(); }
  std::string safe() const;  ///< without password and options
};

/// User, password and options may hold percent escapes. Throws Error{kBadUrl} naming the part that
/// is wrong; the URL itself and the password never stand in the text. Whether an option is known
/// is not decided here.
Url parse_url(std::string_view url);

}  // namespace sql
