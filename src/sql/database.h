#pragma once
#include "base/env.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sql {

enum class Dialect { kSqlite, kPostgresql, kMysql };

/// A bound parameter. Times travel as text (see time.h); they are stored as the column's own type.
using Value = std::variant<std::nullptr_t, std::int64_t, double, bool, std::string>;

using ColumnNames = std::shared_ptr<const std::vector<std::string>>;

/// One row of an answer, every column as text or null. Columns count from 0. Getters throw
/// Error{kBadData} naming the column.
class Row {
 public:
  Row(ColumnNames names, std::vector<std::optional<std::string>> columns)
      : names_(std::move(names)), columns_(std::move(columns)) {}
  std::size_t size() const noexcept { return columns_.size(); }
  bool null(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  std::optional<std::string> maybe_text(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  bool boolean(std::size_t column) const;  ///< t, f, true, false, 1, 0
  /// For whoever finds the value not to be what it should: names the column and the value.
  [[noreturn]] void bad(std::size_t column, std::string_view expected) const;

 private:
  const std::optional<std::string>& at(std::size_t column) const;

  ColumnNames names_;
  std::vector<std::optional<std::string>> columns_;
};

enum class Errc {
  kUnreachable = 1,  ///< no connection, lost, none free or no answer in time; a commit MAY have
                     ///< taken effect
  kConflict,         ///< deadlock or serialisation failure that retries did not cure
  kDuplicate,        ///< unique or primary key
  kBadData,          ///< a value is not of the kind that is expected or that its column takes
  kBadUrl,
  kOther,
};

class Error : public std::runtime_error {
 public:
  Error(Errc code_, const std::string& text) : std::runtime_error(text), code(code_) {}
  Errc code;
};

/// What follows a statement that has changed no row: throws.
using IfNone = std::function<void()>;

/// Statements of one transaction. Parameters are `:p1`, `:p2`, … in order and always bound, never
/// pasted; a text with a NUL in it is refused (kBadData), as PostgreSQL would. After an Error
/// nothing more can be done in the transaction than to leave it. Lives only inside Database::run().
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual Dialect dialect() const noexcept = 0;
  /// Returns the number of rows changed. Refused (kOther) in a transaction that only reads.
  virtual std::int64_t exec(std::string_view statement, std::span<const Value> parameters = {}) = 0;
  virtual std::vector<Row> query(std::string_view statement,
                                 std::span<const Value> parameters = {}) = 0;
  /// As exec(), for who needs no answer but that it failed: runs before whatever comes next, at the
  /// latest with the commit, and what it or `if_none` throws comes out of that. With a server that
  /// is one round trip for several statements; otherwise it runs at once.
  virtual void exec_soon(std::string_view statement, std::span<const Value> parameters,
                         const IfNone& if_none);

  std::int64_t exec(std::string_view statement, std::initializer_list<Value> parameters) {
    return exec(statement, std::span<const Value>(parameters.begin(), parameters.size()));
  }
  void exec_soon(std::string_view statement, std::initializer_list<Value> parameters,
                 const IfNone& if_none = {}) {
    exec_soon(statement, std::span<const Value>(parameters.begin(), parameters.size()), if_none);
  }
  std::vector<Row> query(std::string_view statement, std::initializer_list<Value> parameters) {
    return query(statement, std::span<const Value>(parameters.begin(), parameters.size()));
  }
};

enum class Access {
  kRead,
  kReadOne,  ///< one query, which sees one snapshot by itself: what a transaction around it costs
             ///< (two more statements, round trips with a server) is saved
  kWrite
};

struct DatabaseOptions {
  std::size_t max_connections = 10;
  base::Env::Duration wait = std::chrono::seconds(10);  ///< for a free connection
  /// Of one statement, of a connect (10 s at most), and for SQLite's lock on the file.
  base::Env::Duration timeout = std::chrono::seconds(10);
  /// Of a whole transaction, where a server may fall silent: its connection is cut then.
  base::Env::Duration transaction = std::chrono::seconds(30);
  /// A connection to a server that is older is not used again; 0: of any age.
  base::Env::Duration recycle = std::chrono::seconds(0);
  bool flush = true;                   ///< SQLite: a commit is on the disk before it is answered
  std::string mysql_mode;              ///< sql_mode besides the strict modes, which are always set
  std::optional<int> wsrep_sync_wait;  ///< Galera: what waits for the cluster's writes, as its bits
};

/// A database named by an oslo/SQLAlchemy-style URL: sqlite:///relative, sqlite:////absolute,
/// sqlite:// (in memory, private to this object),
/// postgresql[+driver]://user:password@host:port/name, mysql[+driver]://… and mariadb://… likewise.
/// Connections are opened lazily, reopened
/// after they broke. SQLite runs WAL with synchronous=FULL (OFF without `flush`); writers begin
/// IMMEDIATE. Thread-safe.
class Database {
 public:
  /// No I/O yet. Throws Error{kBadUrl} naming what is wrong, never the password.
  Database(base::Env& env, std::string_view url, const DatabaseOptions& options = {});
  virtual ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `body` in one transaction and commits; rolls back when it throws and passes that on.
  /// After a deadlock or serialisation failure, or when a connection that had been used before
  /// turned out dead before the commit was sent, runs it again (for 10 s after the first, in pauses
  /// that grow), so it must have no effect besides its SQL. `body` makes no Env call, blocks on
  /// nothing else and does not call run() of the same database; it may run on the thread of another
  /// caller (SQLite: writers that wait for each other share a flush). Transactions that read see
  /// one snapshot. Throws Error.
  virtual void run(Access access, const std::function<void(Transaction&)>& body);

  virtual Dialect dialect() const noexcept;
  virtual std::string safe_url() const;  ///< without the password, for logs

 protected:
  Database();  ///< of who stands before another one and overrides all of the above

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sql
