#pragma once
#include "tooz/drivers/mysql/options.h"

#include <memory>

struct st_mysql;

namespace tooz::mysql {

using sql_kv::Env;

/// A connection by libmariadb's calls that do not block: we wait for its socket ourselves, so a
/// call ends in time whatever the server does.
class Connection final : public sql_kv::Connection {
 public:
  /// Connects and logs in by `deadline`; throws Failure, kStandby when the server is read-only.
  Connection(Env& env, const Options& options, const Url::Host& host, Env::TimePoint deadline);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sql_kv::Result run(const sql_kv::Batch& batch, Env::TimePoint deadline) override;
  bool quiet() const noexcept override;
  const std::string& history() const noexcept override { return history_; }

 private:
  struct Close {
    void operator()(st_mysql* connection) const noexcept;
  };

  void prepare(const Options& options);
  void log_in(const Options& options, const Url::Host& host, Env::TimePoint deadline);
  void set_up(const Options& options, Env::TimePoint deadline);
  sql_kv::Result take_result(Env::TimePoint deadline);
  /// Goes on with a call of the library until it is complete: `status` is what its first part
  /// returned, `go_on` its second.
  template <class GoOn>
  void complete(int status, Env::TimePoint deadline, GoOn go_on);
  int wait(int status, Env::TimePoint deadline);
  [[noreturn]] void fail() const;

  Env& env_;
  std::string peer_;  // "host:port", for errors
  std::unique_ptr<st_mysql, Close> connection_;
  bool suspended_ = false;  // a call was given up halfway
  std::string history_;
};

}  // namespace tooz::mysql
