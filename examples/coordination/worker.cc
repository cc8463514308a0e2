// Adds to a counter in SQLite under a lock whose token the database checks: however long this
// process is paused, it never overwrites what a later holder has written.
//
//   worker URL DATABASE TIMES      for instance: worker etcd3://127.0.0.1:2379 /tmp/counter.db 100
#include <sqlite3.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "tooz/coordinator.h"

namespace {

void run(sqlite3* db, const std::string& statement) {
  char* error = nullptr;
  if (sqlite3_exec(db, statement.c_str(), nullptr, nullptr, &error) == SQLITE_OK) return;
  const std::string text = error;
  sqlite3_free(error);
  throw std::runtime_error(text);
}

/// Numbers compare within one origin; of this backend there is one as long as its data lives.
bool add_one(sqlite3* db, const tooz::Token& token) {
  run(db, "BEGIN IMMEDIATE");
  run(db, "UPDATE counter SET value = value + 1, fence = " + std::to_string(token.number) +
              " WHERE fence <= " + std::to_string(token.number));
  const bool written = sqlite3_changes(db) == 1;
  run(db, "COMMIT");
  return written;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: worker URL DATABASE TIMES\n";
    return 2;
  }
  sqlite3* db = nullptr;
  try {
    if (sqlite3_open(argv[2], &db) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db));
    sqlite3_busy_timeout(db, 10'000);
    run(db,
        "CREATE TABLE IF NOT EXISTS counter (id INTEGER PRIMARY KEY, value INTEGER, fence "
        "INTEGER)");
    run(db, "INSERT OR IGNORE INTO counter VALUES (1, 0, 0)");
    tooz::Coordinator coordinator(base::system_env(), argv[1], {});
    tooz::Lock lock = coordinator.lock("counter");
    for (int left = std::atoi(argv[3]); left > 0;) {
      std::optional<tooz::LockGuard> guard = lock.acquire({});
      if (guard && add_one(db, guard->token())) --left;
    }
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    sqlite3_close(db);
    return 1;
  }
  sqlite3_close(db);
}
