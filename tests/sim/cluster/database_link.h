#pragma once
#include "sim/door.h"
#include "sql/database.h"
#include "tests/sim/cluster/fence_audit.h"

namespace sim {

/// The one database of a simulated cluster, and what is wrong with it now.
struct DatabaseSite {
  sql::Database& database;
  FenceAudit& audit;
  base::Env::TimePoint away_until = base::Env::TimePoint::min();
  double lost_answer = 0;  ///< chance that a transaction is made and its process is told nothing
  base::Env::Duration longest_delay = std::chrono::milliseconds(2);
  bool no_fence = false;  ///< planted
};

/// A process's way to the database: transactions take time and pass its door, the database may be
/// away (kUnreachable after a while), and answers may be lost (kUnreachable, and it was made).
class DatabaseLink final : public sql::Database {
 public:
  DatabaseLink(SimProcess& process, DatabaseSite& site, Door door)
      : process_(process), site_(site), door_(std::move(door)) {}

  void run(sql::Access access, const std::function<void(sql::Transaction&)>& body) override;
  sql::Dialect dialect() const noexcept override { return site_.database.dialect(); }
  std::string safe_url() const override { return site_.database.safe_url(); }

 private:
  void transact(sql::Access access, const std::function<void(sql::Transaction&)>& body);
  void check_there();
  std::function<void(sql::Transaction&)> audited(
      sql::Access access, const std::function<void(sql::Transaction&)>& body);

  SimProcess& process_;
  DatabaseSite& site_;
  const Door door_;
};

}  // namespace sim
