#include "sql/database.h"

#include "base/retry.h"
#include "sql/connection_pool.h"
#include "sql/engine.h"
#include "sql/stall_guard.h"
#include "sql/write_group.h"

#include <utility>
#include <vector>

namespace sql {
namespace {

constexpr base::Env::Duration kPatience = std::chrono::seconds(10);
constexpr base::Env::Duration kFirstPause = std::chrono::milliseconds(5);
constexpr base::Env::Duration kMostPause = std::chrono::milliseconds(200);

class OpenTransaction : public Transaction {
 public:
  OpenTransaction(Connection& connection, Dialect dialect, Access access)
      : connection_(connection), dialect_(dialect), access_(access) {}

  Dialect dialect() const noexcept override { return dialect_; }

  std::int64_t exec(std::string_view statement, std::span<const Value> parameters) override {
    if (access_ != Access::kWrite)
      throw Error(Errc::kOther, "a transaction that only reads cannot change anything");
    return run(statement, parameters).changed;
  }

  std::vector<Row> query(std::string_view statement, std::span<const Value> parameters) override {
    return run(statement, parameters).rows;
  }

  /// PostgreSQL answers the commit of a failed transaction with a silent rollback.
  void check_before_commit() const {
    if (failed_) throw Error(Errc::kOther, "a statement of the transaction had failed");
  }

 private:
  Answer run(std::string_view statement, std::span<const Value> parameters) {
    if (failed_) throw Error(Errc::kOther, "an earlier statement of the transaction failed");
    if (access_ == Access::kReadOne && std::exchange(begun_, true))
      throw Error(Errc::kOther, "a second query where one was announced");
    try {
      return connection_.run(statement, parameters);
    } catch (...) {
      failed_ = true;
      throw;
    }
  }

  Connection& connection_;
  Dialect dialect_;
  Access access_;
  bool failed_ = false;
  bool begun_ = false;
};

/// With what another attempt may cure: from the first such failure on.
class Patience {
 public:
  explicit Patience(base::Env& env) : env_(env) {}

  bool lasts() {
    if (!end_) end_ = env_.now() + kPatience;
    return env_.now() < *end_;
  }

 private:
  base::Env& env_;
  std::optional<base::Env::TimePoint> end_;
};

}  // namespace

class Database::Impl {
 public:
  Impl(base::Env& env, const Url& url, const DatabaseOptions& options)
      : env_(env),
        engine_(make_engine(url, options)),
        safe_url_(url.safe()),
        pool_(env, *engine_, options),
        guard_(env, options.transaction),
        group_(env, options.wait, [this](const auto& batch) { execute(batch); }) {}

  void run(Access access, const std::function<void(Transaction&)>& body) {
    base::Backoff pauses(env_, kFirstPause, kMostPause);
    const bool grouped = access == Access::kWrite && engine_->groups_writers();
    Patience patience(env_);
    while (!(grouped ? attempt_in_group(body, patience) : attempt(access, body, patience)))
      env_.sleep_for(pauses.next(), {});
  }

  const Engine& engine() const noexcept { return *engine_; }
  const std::string& safe_url() const noexcept { return safe_url_; }

 private:
  /// False: it failed in a way that another attempt may cure, and there is patience for one.
  bool attempt(Access access, const std::function<void(Transaction&)>& body, Patience& patience) {
    const auto lease = pool_.take(access);
    Connection& connection = lease->connection();
    const StallGuard::Watch watch(guard_, connection.socket());
    const bool bracketed = access != Access::kReadOne;
    bool committing = false;
    try {
      if (bracketed) connection.run(engine_->begin(access), {});
      OpenTransaction transaction(connection, engine_->dialect(), access);
      body(transaction);
      transaction.check_before_commit();
      committing = true;
      if (bracketed) connection.run("COMMIT", {});
      connection.mark_used();
      return true;
    } catch (const Error& e) {
      connection.rollback();  // here, where the guard still watches
      if (watch.cut()) throw Error(Errc::kUnreachable, "the database did not answer in time");
      const bool died_idle = connection.broken() && connection.used() && !committing;
      if (connection.broken()) pool_.drop_idle();
      if (!(died_idle || e.code == Errc::kConflict) || !patience.lasts()) throw;
      return false;
    } catch (...) {
      connection.rollback();
      throw;
    }
  }

  bool attempt_in_group(const WriteGroup::Body& body, Patience& patience) {
    try {
      group_.run(body);
      return true;
    } catch (const Error& e) {
      if (e.code != Errc::kConflict || !patience.lasts()) throw;
      return false;
    }
  }

  /// One transaction for all of `batch`.
  void execute(const WriteGroup::Batch& batch) {
    const auto lease = pool_.take(Access::kWrite);
    Connection& connection = lease->connection();
    try {
      connection.run(engine_->begin(Access::kWrite), {});
      for (const auto& task : batch)
        execute_one(connection, *task);
      connection.run("COMMIT", {});
      connection.mark_used();
    } catch (...) {
      connection.rollback();
      throw;
    }
  }

  /// What fails is undone alone. Throws when the transaction is no more: some errors of SQLite (a
  /// full disk) end it.
  void execute_one(Connection& connection, WriteGroup::Task& task) {
    connection.run("SAVEPOINT one", {});
    try {
      OpenTransaction transaction(connection, engine_->dialect(), Access::kWrite);
      task.body(transaction);
      transaction.check_before_commit();
    } catch (...) {
      task.failure = std::current_exception();
      if (connection.usable()) throw;
      connection.run("ROLLBACK TO one", {});
    }
    connection.run("RELEASE one", {});
  }

  base::Env& env_;
  std::unique_ptr<Engine> engine_;
  std::string safe_url_;
  ConnectionPool pool_;
  StallGuard guard_;
  WriteGroup group_;
};

Database::Database(base::Env& env, std::string_view url, const DatabaseOptions& options)
    : impl_(std::make_unique<Impl>(env, parse_url(url), options)) {}

Database::Database() = default;
Database::~Database() = default;

void Database::run(Access access, const std::function<void(Transaction&)>& body) {
  impl_->run(access, body);
}

Dialect Database::dialect() const noexcept { return impl_->engine().dialect(); }

std::string Database::safe_url() const { return impl_->safe_url(); }

}  // namespace sql
