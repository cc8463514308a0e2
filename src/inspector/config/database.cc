#include "inspector/config/database.h"

#include "base/ini.h"
#include "inspector/config/renamed.h"

#include <algorithm>
#include <cctype>

namespace inspector {
namespace {

constexpr std::string_view kSection = "database";

/// oslo.db appends them to the URL.
void append_parameters(const base::Ini& ini, std::string& url) {
  const std::string more = ini.text(kSection, "connection_parameters", "");
  if (more.empty()) return;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += more;
}

/// It becomes part of a statement.
std::string read_mode(const base::Ini& ini) {
  std::string mode = ini.text(kSection, "mysql_sql_mode", "TRADITIONAL");
  const bool plain = std::ranges::all_of(
      mode, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == ','; });
  if (!plain)
    throw ini.error(kSection, "mysql_sql_mode", "accepted: names of modes, commas between them");
  return mode;
}

/// Read again and again with every connection, so they are set only when they are asked for.
void read_server(const base::Ini& ini, DatabaseOptions& options) {
  constexpr std::int64_t kTenYears = 315576000, kAllBits = 15;
  options.limits.mysql_mode = read_mode(ini);
  if (ini.text(kSection, "mysql_wsrep_sync_wait"))
    options.limits.wsrep_sync_wait =
        static_cast<int>(ini.integer(kSection, "mysql_wsrep_sync_wait", 0, 0, kAllBits));
  options.limits.flush = ini.boolean(kSection, "sqlite_synchronous",
                                     ini.boolean("DEFAULT", "sqlite_synchronous", true));
  const std::int64_t age =
      ini.integer(kSection, "connection_recycle_time",
                  ini.integer(kSection, "idle_timeout", 3600, -1, kTenYears), -1, kTenYears);
  options.limits.recycle = std::chrono::seconds(std::max<std::int64_t>(age, 0));
}

void read_patience(const base::Ini& ini, DatabaseOptions& options) {
  constexpr std::int64_t kMost = 1'000'000, kForEver = -1, kUnset = -2;
  const std::int64_t retries = ini.integer(
      kSection, "max_retries", ini.integer("DEFAULT", "sql_max_retries", kUnset, kForEver, kMost),
      kForEver, kMost);
  if (retries >= 0) options.max_retries = static_cast<int>(retries);
  const std::int64_t pause =
      ini.integer(kSection, "retry_interval",
                  ini.integer("DEFAULT", "sql_retry_interval",
                              ini.integer("DATABASE", "reconnect_interval", 1, 1, 3600), 1, 3600),
                  1, 3600);
  options.retry_interval = std::chrono::seconds(pause);
}

}  // namespace

std::unique_ptr<sql::Database> open_database(base::Env& env, const DatabaseOptions& options) {
  try {
    return std::make_unique<sql::Database>(env, options.connection, options.limits);
  } catch (const sql::Error& error) {
    if (error.code != sql::Errc::kBadUrl) throw;
    throw base::ConfigError("[database]connection: " + std::string(error.what()));
  }
}

DatabaseOptions read_database(const base::Ini& ini) {
  DatabaseOptions options;
  options.connection = renamed_text(ini,
                                    {{"database", "connection"},
                                     {"DEFAULT", "sql_connection"},
                                     {"DATABASE", "sql_connection"},
                                     {"sql", "connection"}},
                                    options.connection);
  if (options.connection.empty())
    throw base::ConfigError("[database]connection is empty; accepted: a database URL");

  append_parameters(ini, options.connection);
  read_server(ini, options);
  read_patience(ini, options);

  constexpr std::int64_t kMostConnections = 10000;
  const std::int64_t pool = ini.integer(kSection, "max_pool_size", 5, 0, kMostConnections);
  const std::int64_t overflow = ini.integer(
      kSection, "max_overflow", ini.integer("DEFAULT", "sql_max_overflow", 50, 0, kMostConnections),
      0, kMostConnections);
  // 0 asks upstream's pool for no limit at all; ours always has one.
  options.limits.max_connections =
      static_cast<std::size_t>(pool == 0 ? kMostConnections : pool + overflow);
  options.limits.wait = std::chrono::seconds(
      ini.integer(kSection, "pool_timeout",
                  ini.integer("DATABASE", "sqlalchemy_pool_timeout", 10, 0, 3600), 0, 3600));
  return options;
}

}  // namespace inspector
