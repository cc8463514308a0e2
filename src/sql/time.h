#pragma once
#include "sql/database.h"

#include <string>
#include <string_view>

namespace sql {

/// Times in the database are UTC without a zone, as SQLAlchemy writes them:
/// `2026-11-22 11:11:38.194088`. Microseconds; what is finer is cut off.
std::string to_text(base::Env::WallTime time);

/// Also accepts `T` between date and time, fewer digits of the fraction and none at all: PostgreSQL
/// drops zeros at the end. Throws Error{kBadData} naming the text.
base::Env::WallTime time_from_text(std::string_view text);

/// As the database will give it back: MySQL's DATETIME, which upstream chose, has whole seconds
/// only.
base::Env::WallTime stored(base::Env::WallTime time, Dialect dialect) noexcept;

}  // namespace sql
