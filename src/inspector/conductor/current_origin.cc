#include "inspector/conductor/current_origin.h"

#include "base/log.h"

#include <map>
#include <mutex>
#include <string>

namespace inspector {
namespace {

constexpr base::Env::Duration kLookAgain = std::chrono::seconds(10);

class Renamed final : public NodeLock::Held {
 public:
  Renamed(NodeLock lock, const std::string& origin)
      : lock_(std::move(lock)), token_{origin, lock_.token().number} {}
  const tooz::Token& token() const noexcept override { return token_; }
  base::Env::Duration remaining() const noexcept override { return lock_.remaining(); }
  std::stop_token lost() const noexcept override { return lock_.lost(); }

 private:
  const NodeLock lock_;
  const tooz::Token token_;
};

/// What the database knows of an origin.
struct Known {
  std::string newest;           ///< of all; empty: none has been used
  std::int64_t generation = 0;  ///< of the newest
  bool used = false;            ///< the origin, under its own name
};

Known look_up(sql::Database& database, const std::string& origin) {
  Known known;
  database.run(sql::Access::kRead, [&](sql::Transaction& t) {
    known = {};
    for (const sql::Row& row : t.query(
             "SELECT origin, generation FROM cc_fence_origin WHERE origin = :p1 OR generation = "
             "(SELECT MAX(generation) FROM cc_fence_origin) ORDER BY generation",
             {origin})) {
      known.newest = row.text(0);
      known.generation = row.integer(1);
      known.used = known.used || known.newest == origin;
    }
  });
  return known;
}

class CurrentOrigin final : public NodeLocks {
 public:
  CurrentOrigin(base::Env& env, NodeLocks& locks, sql::Database& database)
      : env_(env), locks_(locks), database_(database) {}

  std::optional<NodeLock> try_acquire(std::string_view uuid) override {
    return renamed(locks_.try_acquire(uuid));
  }
  std::optional<NodeLock> acquire(std::string_view uuid, base::Env::TimePoint deadline,
                                  std::stop_token stop) override {
    return renamed(locks_.acquire(uuid, deadline, std::move(stop)));
  }

 private:
  struct Name {
    std::string text;
    base::Env::TimePoint looked{};
  };

  std::optional<NodeLock> renamed(std::optional<NodeLock> lock) {
    if (!lock) return lock;
    const std::string& origin = lock->token().origin;
    const std::string name = name_of(origin);
    if (name == origin) return lock;
    return NodeLock(std::make_unique<Renamed>(*std::move(lock), name));
  }

  std::string name_of(const std::string& origin) {
    const auto now = env_.now();
    std::string name;
    {
      const std::lock_guard guard(mutex_);
      const auto found = names_.find(origin);
      if (found != names_.end()) {
        if (now < found->second.looked + kLookAgain) return found->second.text;
        name = found->second.text;
      }
    }
    name = choose(origin, name);
    const std::lock_guard guard(mutex_);
    names_[origin] = {name, now};
    return name;
  }

  /// `before`: its name in this process so far; empty: it has none.
  std::string choose(const std::string& origin, const std::string& before) {
    const Known known = look_up(database_, origin);
    if (known.newest == origin || known.newest.starts_with(origin + "@")) return known.newest;
    if (!before.empty()) return before;
    if (!known.used) return origin;
    base::log_info("inspector.locks",
                   "The database was written to by others since, the backend's locks count anew",
                   {{"origin", origin}, {"newest", known.newest}});
    return origin + "@" + std::to_string(known.generation);
  }

  base::Env& env_;
  NodeLocks& locks_;
  sql::Database& database_;
  std::mutex mutex_;
  std::map<std::string, Name> names_;
};

}  // namespace

std::unique_ptr<NodeLocks> with_current_origin(base::Env& env, NodeLocks& locks,
                                               sql::Database& database) {
  return std::make_unique<CurrentOrigin>(env, locks, database);
}

}  // namespace inspector
