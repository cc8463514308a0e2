#pragma once
#include "base/env.h"

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sql {

enum class Dialect { kSqlite, kPostgresql };

/// A bound parameter. Times travel as text (see time.h); they are stored as the column's own type.
using Value = std::variant<std::nullptr_t, std::int64_t, double, bool, std::string>;

/// One row of an answer, every column as text or null. Getters throw Error{kBadData} naming the
/// column.
class Row {
 public:
  explicit Row(std::vector<std::optional<std::string>> columns) : columns_(std::move(columns)) {}
  bool null(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  std::optional<std::string> maybe_text(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  bool boolean(std::size_t column) const;  ///< t, f, true, false, 1, 0

 private:
  std::vector<std::optional<std::string>> columns_;
};

enum class Errc {
  kUnreachable = 1,  ///< no connection, lost, or none free in time; a commit MAY have taken effect
  kConflict,         ///< deadlock or serialisation failure that retries did not cure
  kDuplicate,        ///< unique or primary key
  kBadData,          ///< a stored value is not of the expected kind
  kBadUrl,
  kOther,
};

class Error : public std::runtime_error {
 public:
  Error(Errc code_, const std::string& text) : std::runtime_error(text), code(code_) {}
  Errc code;
};

/// Statements of one transaction. Parameters are `:p1`, `:p2`, … in order and always bound, never
/// pasted. Lives only inside Database::run().
class Transaction {
 public:
  virtual ~Transaction() = default;
  virtual Dialect dialect() const noexcept = 0;
  /// Returns the number of rows changed.
  virtual std::int64_t exec(std::string_view statement, std::span<const Value> parameters = {}) = 0;
  virtual std::vector<Row> query(std::string_view statement,
                                 std::span<const Value> parameters = {}) = 0;

  std::int64_t exec(std::string_view statement, std::initializer_list<Value> parameters) {
    return exec(statement, std::span<const Value>(parameters.begin(), parameters.size()));
  }
  std::vector<Row> query(std::string_view statement, std::initializer_list<Value> parameters) {
    return query(statement, std::span<const Value>(parameters.begin(), parameters.size()));
  }
};

enum class Access { kRead, kWrite };

struct DatabaseOptions {
  std::size_t max_connections = 10;
  base::Env::Duration wait = std::chrono::seconds(10);  ///< for a free connection
  base::Env::Duration timeout =
      std::chrono::seconds(10);  ///< of one statement, where the server can bound it
};

/// A database named by an oslo/SQLAlchemy-style URL: sqlite:///relative, sqlite:////absolute,
/// sqlite:// (in memory, private to this object),
/// postgresql[+driver]://user:password@host:port/name. Connections are opened lazily, reopened
/// after they broke. SQLite runs WAL with synchronous=FULL; writers begin IMMEDIATE. Thread-safe.
class Database {
 public:
  /// No I/O yet. Throws Error{kBadUrl} naming what is wrong, never the password.
  Database(base::Env& env, std::string_view url, DatabaseOptions options = {});
  ~Database();

  /// Runs `body` in one transaction and commits; rolls back when it throws and passes that on.
  /// After a deadlock or serialisation failure, or a connection that turned out dead before
  /// anything was sent, runs it again (5 times at most), so it must have no effect besides its SQL.
  /// `body` makes no Env call and blocks on nothing else.
  void run(Access access, const std::function<void(Transaction&)>& body);

  Dialect dialect() const noexcept;
  std::string safe_url() const;  ///< without the password, for logs

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sql
