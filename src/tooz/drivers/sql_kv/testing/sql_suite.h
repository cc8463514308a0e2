#pragma once
#include "tooz/coordinator.h"
#include "tooz/driver.h"
#include "tooz/testing/background.h"

namespace tooz::sql_kv {

/// A real database server under test. Made anew for each test. For one thread.
class SqlWorld {
 public:
  SqlWorld() = default;
  SqlWorld(const SqlWorld&) = delete;
  SqlWorld& operator=(const SqlWorld&) = delete;
  virtual ~SqlWorld() = default;

  virtual std::unique_ptr<Backend> open(const std::string& url) = 0;
  /// With a comma after each of `more`, which come before the host; the query is to be added.
  virtual std::string url(const std::string& more = "", const std::string& password = "test") = 0;
  virtual void stop() = 0;
  virtual void start() = 0;
  virtual void kill() = 0;
  virtual void pause() = 0;
  virtual void resume() = 0;
  virtual std::string sql(const std::string& statements) = 0;
  virtual void cut_connections() = 0;
  /// Puts a server that takes no writes before the other; returns its `host:port,`.
  virtual std::string start_read_only() = 0;
};

struct SqlSubject {
  std::string name;
  std::function<std::unique_ptr<SqlWorld>()> make;
};
void PrintTo(const SqlSubject& subject, std::ostream* out);

/// What the conformance suite cannot ask of every backend: faults of a database server.
class SqlServers : public testing::TestWithParam<SqlSubject> {
 protected:
  void SetUp() override;

  static Env& env() { return base::system_env(); }
  static constexpr std::chrono::seconds kLimit{40};
  void works_again();  ///< waits until the server is found again
  void expect_wakes(const std::string& prefix, const std::function<void()>& act);

  std::unique_ptr<SqlWorld> world;
  std::unique_ptr<Backend> backend;
};

}  // namespace tooz::sql_kv
