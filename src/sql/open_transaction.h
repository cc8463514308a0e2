#pragma once
#include "sql/connection.h"

#include <vector>

namespace sql {

/// The transaction that a body of Database::run() sees. What may wait is kept and sent together
/// with what comes next, where the database takes several statements at once: the begin, and what
/// exec_soon() was told. Used by one thread.
class OpenTransaction : public Transaction {
 public:
  /// Begins with the first statement.
  OpenTransaction(Connection& connection, const Engine& engine, Access access);
  struct Begun {};
  OpenTransaction(Connection& connection, const Engine& engine, Access access, Begun);

  Dialect dialect() const noexcept override { return engine_.dialect(); }
  std::int64_t exec(std::string_view statement, std::span<const Value> parameters) override;
  std::vector<Row> query(std::string_view statement, std::span<const Value> parameters) override;
  void exec_soon(std::string_view statement, std::span<const Value> parameters,
                 const IfNone& if_none) override;

  /// Before the commit, once the body has returned. Throws when a statement had failed: PostgreSQL
  /// answers the commit of such a transaction with a silent rollback. Sends what waits if nothing
  /// has been sent yet, so that a dead connection shows before it is unknown what it did.
  void flush();
  /// Sends what still waits, and the commit.
  void commit();

 private:
  struct Waiting {
    std::string statement;
    std::vector<Value> parameters;
    IfNone if_none{};
  };

  Answer run(std::string_view statement, std::span<const Value> parameters);
  void send_waiting();
  Answer run_with_waiting(const Queued& next);

  Connection& connection_;
  const Engine& engine_;
  const Access access_;
  std::vector<Waiting> waiting_;
  bool sent_ = false;
  bool failed_ = false;
};

}  // namespace sql
