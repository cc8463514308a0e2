#pragma once
#include "sql/engine.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sql {

/// A statement that is to be sent; whoever has it keeps what it refers to.
struct Queued {
  std::string_view statement;
  std::span<const Value> parameters;
};

/// Whether a statement stays prepared. What changes tables or settings is run once, and alone.
bool is_kept(std::string_view statement);

/// One connection with the statements prepared on it. Used by one thread at a time.
class Connection {
 public:
  explicit Connection(const Engine& engine);  ///< connects; throws Error
  ~Connection();                              ///< waits for no server
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Throws Error, native errors translated.
  Answer run(std::string_view statement, std::span<const Value> parameters);

  /// Only where Engine::pipeline(), and of statements that are kept: all by one round trip, none
  /// when one cannot be prepared or has a NUL in a parameter (throws Error).
  Answers run_together(std::span<const Queued> calls);

  void rollback() noexcept;  ///< if a transaction is open
  bool broken() const noexcept;
  bool usable() const noexcept;  ///< for another transaction
  int socket() const noexcept;   ///< -1: there is no server

  bool used() const noexcept { return used_; }  ///< a transaction has ended well on it
  void mark_used() noexcept { used_ = true; }

  // For whoever keeps it:
  base::Env::TimePoint opened{};
  bool writes = false;  ///< it was taken for that

 private:
  struct Prepared;
  Prepared& prepare(std::string_view statement);
  void make_room(std::size_t statements);
  [[noreturn]] void translate(const soci::soci_error& error);

  const Engine& engine_;
  std::unique_ptr<soci::session> session_;
  std::map<std::string, std::unique_ptr<Prepared>, std::less<>> prepared_;
  std::unique_ptr<Prepared> once_;  ///< the last statement that is not worth keeping
  bool used_ = false;
};

}  // namespace sql
