#include "tests/sim/cluster/fence_audit.h"

#include <array>
#include <set>

namespace sim {
namespace {

struct Watched {
  const char* table;
  const char* column;  ///< that names the node
  const char* into;
};

constexpr std::array<Watched, 5> kWatched{{{"nodes", "uuid", "sim_touched"},
                                           {"attributes", "node_uuid", "sim_touched"},
                                           {"options", "uuid", "sim_touched"},
                                           {"introspection_data", "uuid", "sim_touched"},
                                           {"cc_fence", "uuid", "sim_raised"}}};

std::string trigger(const Watched& watched, const std::string& event, const std::string& row) {
  const std::string table = watched.table;
  return "CREATE TRIGGER sim_" + table + "_" + event + " AFTER " + event + " ON " + table +
         " BEGIN INSERT INTO " + watched.into + " VALUES (" + row + "." + watched.column + "); END";
}

std::set<std::string> uuids(sql::Transaction& t, const std::string& table) {
  std::set<std::string> found;
  for (const sql::Row& row : t.query("SELECT uuid FROM " + table))
    found.insert(row.text(0));
  return found;
}

/// A look at a node's fence by its number and origin that finds it.
class Noting final : public sql::Transaction {
 public:
  Noting(sql::Transaction& inner, std::set<std::string>& held) : inner_(inner), held_(held) {
    held_.clear();
  }
  sql::Dialect dialect() const noexcept override { return inner_.dialect(); }
  std::int64_t exec(std::string_view statement, std::span<const sql::Value> parameters) override {
    return inner_.exec(statement, parameters);
  }
  std::vector<sql::Row> query(std::string_view statement,
                              std::span<const sql::Value> parameters) override {
    auto rows = inner_.query(statement, parameters);
    const bool asks_fence = statement.find("FROM cc_fence ") != std::string_view::npos &&
                            statement.find("number = :p2") != std::string_view::npos;
    if (asks_fence && !rows.empty()) held_.insert(std::get<std::string>(parameters[0]));
    return rows;
  }

 private:
  sql::Transaction& inner_;
  std::set<std::string>& held_;
};

}  // namespace

std::unique_ptr<sql::Transaction> FenceAudit::noting(sql::Transaction& transaction) {
  return std::make_unique<Noting>(transaction, held_);
}

void FenceAudit::install(sql::Database& database,
                         std::function<void(const std::string&)> on_start) {
  on_start_ = std::move(on_start);
  database.run(sql::Access::kWrite, [](sql::Transaction& t) {
    for (const char* table : {"sim_touched", "sim_raised", "sim_started"})
      t.exec("CREATE TABLE " + std::string(table) + " (uuid TEXT)");
    t.exec(
        "CREATE TRIGGER sim_start AFTER UPDATE ON nodes WHEN NEW.state = 'starting' AND "
        "NEW.started_at IS NOT OLD.started_at "
        "BEGIN INSERT INTO sim_started VALUES (NEW.uuid); END");
    for (const Watched& each : kWatched) {
      t.exec(trigger(each, "INSERT", "NEW"));
      t.exec(trigger(each, "UPDATE", "NEW"));
      t.exec(trigger(each, "DELETE", "OLD"));
    }
  });
}

void FenceAudit::look(sql::Transaction& transaction, const std::string& who) {
  const std::set<std::string> touched = uuids(transaction, "sim_touched");
  const std::set<std::string> raised = uuids(transaction, "sim_raised");
  for (const std::string& uuid : touched) {
    ++writes_;
    if (raised.contains(uuid) || held_.contains(uuid))
      look_at(transaction, uuid, who);
    else
      report(who + " wrote node " + uuid + " without raising its fence");
  }
  for (const std::string& uuid : uuids(transaction, "sim_started"))
    on_start_(uuid);
  transaction.exec("DELETE FROM sim_started");
  if (!touched.empty()) transaction.exec("DELETE FROM sim_touched");
  if (!raised.empty()) transaction.exec("DELETE FROM sim_raised");
}

void FenceAudit::look_at(sql::Transaction& transaction, const std::string& uuid,
                         const std::string& who) {
  const auto rows =
      transaction.query("SELECT generation, number FROM cc_fence WHERE uuid = :p1", {uuid});
  if (rows.size() != 1) {
    report(who + " wrote node " + uuid + ", which has no fence");
    return;
  }
  const Pair now{rows.front().integer(0), rows.front().integer(1)};
  Pair& highest = highest_[uuid];
  if (now < highest)
    report("the fence of node " + uuid + " stepped back to " + std::to_string(now.second) +
           " with a write of " + who);
  highest = std::max(highest, now);
}

}  // namespace sim
