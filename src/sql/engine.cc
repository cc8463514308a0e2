#include "sql/engine.h"

namespace sql {

std::unique_ptr<Engine> make_engine(const Url& url, const DatabaseOptions& options) {
  switch (url.dialect) {
    case Dialect::kSqlite:
      return sqlite_engine(url, options);
    case Dialect::kPostgresql:
      return postgresql_engine(url, options);
    case Dialect::kMysql:
      return mysql_engine(url, options);
  }
  throw Error(Errc::kBadUrl, "database URL: unknown dialect");
}

}  // namespace sql
