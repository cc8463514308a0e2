#include "tests/sim/cluster/database_link.h"

#include "tests/sim/cluster/planted.h"

namespace sim {
namespace {

constexpr base::Env::Duration kPatience = std::chrono::seconds(1);

[[noreturn]] void unreachable() {
  throw sql::Error(sql::Errc::kUnreachable, "the database is away (injected)");
}

}  // namespace

void DatabaseLink::run(sql::Access access, const std::function<void(sql::Transaction&)>& body) {
  const bool writes = access == sql::Access::kWrite;
  through(door_, process_, writes ? "database write" : "database read",
          [&] { transact(access, body); });
}

void DatabaseLink::check_there() {
  if (process_.now() >= site_.away_until) return;
  process_.sleep_for(kPatience, {});
  unreachable();
}

std::function<void(sql::Transaction&)> DatabaseLink::audited(
    sql::Access access, const std::function<void(sql::Transaction&)>& body) {
  if (access != sql::Access::kWrite) return body;
  constexpr std::uint64_t kOneIn = 4;
  const bool flawed = site_.no_fence && process_.random() % kOneIn == 0;
  return [this, flawed, body](sql::Transaction& transaction) {
    const auto noted = site_.audit.noting(transaction);
    if (flawed)
      body(*without_fence(*noted));
    else
      body(*noted);
    site_.audit.look(transaction, process_.name());
  };
}

void DatabaseLink::transact(sql::Access access,
                            const std::function<void(sql::Transaction&)>& body) {
  const auto span = static_cast<std::uint64_t>(site_.longest_delay.count()) + 1;
  process_.sleep_for(
      base::Env::Duration(static_cast<base::Env::Duration::rep>(process_.random() % span)), {});
  check_there();
  site_.database.run(access, audited(access, body));
  constexpr double kSpan = 1ULL << 32U;
  const bool lost = access == sql::Access::kWrite && site_.lost_answer > 0 &&
                    static_cast<double>(process_.random() >> 32U) < site_.lost_answer * kSpan;
  if (lost) unreachable();
}

}  // namespace sim
