#include "sql/database.h"

#include "base/retry.h"
#include "sql/connection_pool.h"
#include "sql/engine.h"
#include "sql/open_transaction.h"
#include "sql/stall_guard.h"
#include "sql/write_group.h"

#include <utility>
#include <vector>

namespace sql {
namespace {

constexpr base::Env::Duration kPatience = std::chrono::seconds(10);
constexpr base::Env::Duration kFirstPause = std::chrono::milliseconds(5);
constexpr base::Env::Duration kMostPause = std::chrono::milliseconds(200);

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
    bool committing = false;
    try {
      OpenTransaction transaction(connection, *engine_, access);
      body(transaction);
      transaction.flush();
      committing = true;
      transaction.commit();
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
      OpenTransaction transaction(connection, *engine_, Access::kWrite, OpenTransaction::Begun{});
      task.body(transaction);
      transaction.flush();
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

void Transaction::exec_soon(std::string_view statement, std::span<const Value> parameters,
                            const IfNone& if_none) {
  if (exec(statement, parameters) == 0 && if_none) if_none();
}

void Database::run(Access access, const std::function<void(Transaction&)>& body) {
  impl_->run(access, body);
}

Dialect Database::dialect() const noexcept { return impl_->engine().dialect(); }

std::string Database::safe_url() const { return impl_->safe_url(); }

}  // namespace sql
