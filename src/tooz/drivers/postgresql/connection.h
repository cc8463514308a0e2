#pragma once
#include "tooz/drivers/postgresql/options.h"

#include <memory>

struct pg_conn;
struct pg_result;

namespace tooz::postgresql {

using sql_kv::Env;

/// A connection by libpq, which never blocks here: we wait for its socket ourselves.
class Connection final : public sql_kv::Connection {
 public:
  /// Connects and logs in by `deadline`; throws Failure, kStandby when the server takes no writes.
  Connection(Env& env, const Options& options, const Url::Host& host, Env::TimePoint deadline);

  sql_kv::Result run(const sql_kv::Batch& batch, Env::TimePoint deadline) override;
  bool quiet() const noexcept override;
  const std::string& history() const noexcept override { return history_; }

  int socket() const noexcept;
  /// What others have announced since, without waiting; Failure{kLost}: the connection is gone.
  std::vector<std::string> announcements();

 private:
  struct Close {
    void operator()(pg_conn* connection) const noexcept;
    void operator()(pg_result* result) const noexcept;
  };

  void start(const Options& options, const Url::Host& host);
  void log_in(Env::TimePoint deadline);
  void set_up(const Options& options, Env::TimePoint deadline);
  void send(const std::string& query, Env::TimePoint deadline);
  std::unique_ptr<pg_result, Close> next_result(Env::TimePoint deadline);
  void wait(short events, Env::TimePoint deadline);
  [[noreturn]] void fail(const char* text, const char* code) const;

  Env& env_;
  std::string peer_;  // "host:port", for errors
  std::unique_ptr<pg_conn, Close> connection_;
  std::string history_;
};

}  // namespace tooz::postgresql
