#pragma once
#include "sql/database.h"
#include "sql/url.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace soci {
class session;
class statement;
class soci_error;
}  // namespace soci

namespace sql {

/// What a statement answered.
struct Answer {
  std::int64_t changed = 0;
  std::vector<Row> rows;
};

/// A native error in our words.
struct Failure {
  Errc code = Errc::kOther;
  std::string text;
  std::string native_code{};  ///< where the database has one that we look at
};

/// A prepared statement with its values.
struct Call {
  soci::statement& statement;
  std::span<const Value> parameters;
};

/// Of several statements, in their order, up to the first that failed.
struct Answers {
  std::vector<Answer> each;
  std::optional<Failure> failure;
};

/// Of a server that takes several statements at once, one after the other, and skips those behind
/// one that fails: a round trip for all of them.
class Pipeline {
 public:
  virtual ~Pipeline() = default;
  /// Waits for all answers. No text in the parameters has a NUL.
  virtual Answers run(soci::session& session, std::span<const Call> calls) const = 0;
  /// INSERT, UPDATE or DELETE made such that it fails when it changes no row.
  virtual std::string failing_if_none(std::string_view statement) const = 0;
  virtual bool changed_none(const Failure& failure) const noexcept = 0;  ///< it failed so
};

/// Everything that differs between databases, on top of SOCI: a new one is another implementation
/// of this and a line in make_engine(). One engine serves all connections of a Database; const,
/// hence thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Dialect dialect() const noexcept = 0;

  virtual std::size_t max_connections(std::size_t wanted) const noexcept = 0;
  /// At one time, of this process: more would only wait for each other inside the database.
  virtual std::size_t max_writers(std::size_t wanted) const noexcept = 0;

  /// Writers that wait for each other share a transaction, each inside a savepoint: one flush to
  /// the disk serves them all.
  virtual bool groups_writers() const noexcept = 0;

  /// Opens and sets up. Throws Error.
  virtual std::unique_ptr<soci::session> connect() const = 0;
  virtual std::string_view begin(Access access) const noexcept = 0;
  /// Runs a prepared statement to its end. No text among its values has a NUL.
  virtual Answer run(soci::session& session, const Call& call) const = 0;
  virtual Failure failure(soci::session& session, const soci::soci_error& error) const = 0;

  /// nullptr: statements are run one by one.
  virtual const Pipeline* pipeline() const noexcept { return nullptr; }
  /// Ends the session without waiting for the server; all that is left is to destroy it.
  virtual void close(soci::session& session) const noexcept = 0;
  virtual bool in_transaction(soci::session& session) const noexcept = 0;
  virtual bool broken(soci::session& session) const noexcept = 0;
  /// To be shut down when the server falls silent; -1: there is no server.
  virtual int socket(soci::session& session) const noexcept = 0;
};

/// Throws Error{kBadUrl} for an option that the database does not know.
std::unique_ptr<Engine> make_engine(const Url& url, const DatabaseOptions& options);
std::unique_ptr<Engine> sqlite_engine(const Url& url, const DatabaseOptions& options);
std::unique_ptr<Engine> postgresql_engine(const Url& url, const DatabaseOptions& options);
std::unique_ptr<Engine> mysql_engine(const Url& url, const DatabaseOptions& options);

}  // namespace sql
