#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <cstdlib>
#include <memory>
#include <mutex>

#include "sql/engine.h"

namespace sql {
namespace {

namespace api = sqlite_api;
using soci::sqlite3_session_backend;
using soci::sqlite3_statement_backend;

api::sqlite3* handle(soci::session& session) {
  return static_cast<sqlite3_session_backend*>(session.get_backend())->conn_;
}

/// SOCI takes a bare file name unless it holds `=`; then only its own quoted form is left.
std::string connect_string(const std::string& file) {
  if (file.empty()) return ":memory:";
  if (file.find('=') == std::string::npos) return file;
  if (file.find('"') != std::string::npos)
    throw Error(Errc::kBadUrl, "database URL: the file's name holds both = and \"");
  return "dbname=\"" + file + "\"";
}

/// Nobody reads SQLite's statistics of its memory, and they take one mutex for all threads at every
/// allocation: a third of the time of a read when many read. Refused, and no harm, where something
/// else in the process has used SQLite before.
void count_no_memory() {
  static std::once_flag once;
  std::call_once(once, [] { api::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

class SqliteEngine : public Engine {
 public:
  SqliteEngine(const Url& url, const DatabaseOptions& options)
      : connect_string_(connect_string(url.database)),
        memory_(url.in_memory()),
        flush_(options.flush),
        busy_(std::chrono::duration_cast<std::chrono::milliseconds>(options.timeout / 5)) {
    count_no_memory();
  }

  Dialect dialect() const noexcept override { return Dialect::kSqlite; }
  std::size_t max_connections(std::size_t wanted) const noexcept override {
    return memory_ ? 1 : wanted;
  }
  std::size_t max_writers(std::size_t) const noexcept override { return 1; }

  bool groups_writers() const noexcept override { return !memory_; }

  std::unique_ptr<soci::session> connect() const override;
  std::string_view begin(Access access) const noexcept override {
    return access == Access::kWrite ? "BEGIN IMMEDIATE" : "BEGIN";
  }
  Answer run(soci::session& session, const Call& call) const override;
  Failure failure(soci::session& session, const soci::soci_error& error) const override;
  void close(soci::session&) const noexcept override {}
  bool in_transaction(soci::session& session) const noexcept override {
    return api::sqlite3_get_autocommit(handle(session)) == 0;
  }
  bool broken(soci::session&) const noexcept override { return false; }
  int socket(soci::session&) const noexcept override { return -1; }

 private:
  std::string connect_string_;
  bool memory_;
  bool flush_;
  std::chrono::milliseconds busy_;  ///< for one of the attempts that Database makes
};

std::unique_ptr<soci::session> SqliteEngine::connect() const {
  std::unique_ptr<soci::session> session;
  try {
    session = std::make_unique<soci::session>(soci::sqlite3, connect_string_);
  } catch (const soci::soci_error& e) {
    throw Error(Errc::kUnreachable, "cannot open the SQLite database " + connect_string_ + ": " +
                                        e.get_error_message());
  }
  // Other processes only: within this one writers wait for their turn outside of SQLite.
  api::sqlite3_busy_timeout(handle(*session), static_cast<int>(busy_.count()));
  try {
    if (!memory_) *session << "PRAGMA journal_mode=WAL";
    *session << (flush_ ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
    // 16 MB instead of 4: pages that are written again and again are copied into the file once.
    *session << "PRAGMA wal_autocheckpoint=4000";
    // At most, for pages in use: 8 MB instead of 2.
    *session << "PRAGMA cache_size=-8000";
    // Each savepoint keeps the pages as they were before it, by default in a file in two calls
    // each.
    *session << "PRAGMA temp_store=MEMORY";
  } catch (const soci::soci_error& e) {
    const Failure why = failure(*session, e);
    throw Error(why.code, why.text);
  }
  return session;
}

Row read_row(api::sqlite3_stmt* statement, const ColumnNames& names) {
  std::vector<std::optional<std::string>> columns(names->size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const int column = static_cast<int>(i);
    if (const auto* text = api::sqlite3_column_text(statement, column))
      columns[i].emplace(reinterpret_cast<const char*>(text),
                         static_cast<std::size_t>(api::sqlite3_column_bytes(statement, column)));
  }
  return {names, std::move(columns)};
}

/// The value of parameter `index`, whose name says which one it is. Texts are not copied: they live
/// as long as the call.
int bind(api::sqlite3_stmt* native, int index, std::span<const Value> values) {
  const char* name = api::sqlite3_bind_parameter_name(native, index);
  const long number = name == nullptr ? 0 : std::strtol(name + 2, nullptr, 10);  // behind `:p`
  if (number < 1 || number > static_cast<long>(values.size()))
    throw Error(Errc::kOther, "SQLite: the statement has no value for its parameter " +
                                  std::string(name == nullptr ? "?" : name));
  const Value& value = values[static_cast<std::size_t>(number - 1)];
  if (const auto* text = std::get_if<std::string>(&value))
    return api::sqlite3_bind_text64(native, index, text->data(), text->size(), nullptr,
                                    SQLITE_UTF8);
  if (const auto* integer = std::get_if<std::int64_t>(&value))
    return api::sqlite3_bind_int64(native, index, *integer);
  if (const auto* real = std::get_if<double>(&value))
    return api::sqlite3_bind_double(native, index, *real);
  if (const auto* flag = std::get_if<bool>(&value))
    return api::sqlite3_bind_int(native, index, *flag ? 1 : 0);
  return api::sqlite3_bind_null(native, index);
}

[[noreturn]] void fail(soci::session& session) {
  throw soci::sqlite3_soci_error(api::sqlite3_errmsg(handle(session)),
                                 api::sqlite3_extended_errcode(handle(session)));
}

/// SOCI prepares. It would copy each value several times, and hand out times without their
/// fractions: so values and rows go to SQLite and come from it directly.
Answer SqliteEngine::run(soci::session& session, const Call& call) const {
  api::sqlite3_stmt* native =
      static_cast<sqlite3_statement_backend*>(call.statement.get_backend())->stmt_;
  // However this ends: the next one finds it as new, and no pointer to a value is left.
  const auto renew = [](api::sqlite3_stmt* used) {
    api::sqlite3_reset(used);
    api::sqlite3_clear_bindings(used);
  };
  const std::unique_ptr<api::sqlite3_stmt, decltype(renew)> renewed(native, renew);
  for (int i = 1; i <= api::sqlite3_bind_parameter_count(native); ++i)
    if (bind(native, i, call.parameters) != SQLITE_OK) fail(session);
  auto names = std::make_shared<std::vector<std::string>>();
  names->reserve(static_cast<std::size_t>(api::sqlite3_column_count(native)));
  for (int i = 0; i < api::sqlite3_column_count(native); ++i)
    names->emplace_back(api::sqlite3_column_name(native, i));
  Answer answer;
  int result = SQLITE_ROW;
  while ((result = api::sqlite3_step(native)) == SQLITE_ROW)
    answer.rows.push_back(read_row(native, names));
  if (result != SQLITE_DONE) fail(session);
  answer.changed = api::sqlite3_changes(handle(session));
  return answer;
}

Errc code_of(int result) {
  switch (result) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return Errc::kDuplicate;
    default:
      break;
  }
  switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Errc::kConflict;
    case SQLITE_CANTOPEN:
      return Errc::kUnreachable;
    default:
      return Errc::kOther;
  }
}

Failure SqliteEngine::failure(soci::session&, const soci::soci_error& error) const {
  const auto* native = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
  return {native ? code_of(native->result()) : Errc::kOther,
          "SQLite: " + error.get_error_message()};
}

}  // namespace

std::unique_ptr<Engine> sqlite_engine(const Url& url, const DatabaseOptions& options) {
  if (!url.options.empty())
    throw Error(Errc::kBadUrl,
                "database URL: SQLite takes no option '" + url.options[0].first + "'");
  return std::make_unique<SqliteEngine>(url, options);
}

}  // namespace sql
