#include "tooz/drivers/zookeeper/zookeeper.h"

#include "tooz/drivers/zookeeper/recent.h"
#include "tooz/drivers/zookeeper/sessions.h"
#include "tooz/drivers/zookeeper/tree.h"
#include "tooz/random_text.h"

#include <zookeeper/zookeeper.h>

namespace tooz {
namespace zookeeper {
namespace {

constexpr std::size_t kLongestKey = 4096;

// Whether a transaction failed for the key that `guard` wants present: its first step.
bool is_absent(const Guard& guard, const Reply& reply) {
  return !guard.present.empty() && reply.failed_step == 0 && reply.rc == ZNONODE;
}

class ZookeeperBackend final : public Backend {
 public:
  ZookeeperBackend(Env& env, Options options)
      : client_(env, std::move(options)), tree_(client_), sessions_(client_) {}

  // Servers that have lost their data have ended all sessions, and their counters begin anew.
  Session open_session(Env::Duration wanted) override {
    empty_.clear();
    return sessions_.open(client_.what("open a session", ""), wanted);
  }
  Env::Duration renew(SessionId session) override {
    return sessions_.renew(client_.what("renew the session", ""), session);
  }
  void close_session(SessionId session) override {
    sessions_.close(client_.what("close the session", ""), session);
  }
  std::optional<Revision> create(std::string_view key, std::string_view value, SessionId owner,
                                 const Guard& guard) override;
  std::optional<Revision> replace(std::string_view key, std::string_view value,
                                  Revision expected) override;
  bool remove(std::string_view key, Revision expected, const Guard& guard) override;
  std::optional<Entry> get(std::string_view key) override {
    return tree_.get(checked("read", key), key);
  }
  Snapshot list(std::string_view prefix) override {
    return tree_.list(client_.what("list", prefix), prefix);
  }
  void wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                   std::stop_token stop) override;
  std::optional<Changes> next_changes(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                      std::stop_token stop) override;
  std::string origin() override;

 private:
  using What = Client::What;

  What checked(std::string_view verb, std::string_view key) const {
    const What what = client_.what(verb, key.substr(0, kLongestKey));
    if (key.empty()) client_.fail(what, Errc::kBadName, "an empty key");
    if (key.size() > kLongestKey) client_.fail(what, Errc::kBadName, "longer than 4096 bytes");
    return what;
  }
  void check_value(const What& what, std::string_view value) const {
    if (value.size() > kZookeeperFeatures.max_value)
      client_.fail(what, Errc::kTooLarge, std::to_string(value.size()) + " bytes");
  }
  /// A key that was created here and not written since, for all that is known.
  struct Made {
    Revision revision;
    std::string identity;
  };
  enum class Look { kNone, kFirst };  ///< before the transaction

  /// The steps that make a transaction fail unless `guard` holds; false: it does not.
  bool add_guard(const What& what, const Guard& guard, Look look, Transaction& transaction);
  std::optional<Tree::Found> find(const What& what, std::string_view key, Revision expected);

  Client client_;
  Tree tree_;
  Sessions sessions_;
  Recent<int> empty_;  // prefixes without keys: the version of their counter
  Recent<Made> made_;
};

// A counter that stands where it stood when a prefix was empty says that it still is.
bool ZookeeperBackend::add_guard(const What& what, const Guard& guard, Look look,
                                 Transaction& transaction) {
  if (!guard.present.empty()) transaction.check(client_.paths().key(guard.present));
  const std::string_view prefix = guard.empty_prefix;
  if (prefix.empty()) return true;
  auto version = look == Look::kNone ? empty_.take(prefix) : std::nullopt;
  if (!version) version = tree_.version_if_empty(what, prefix);
  if (!version) return false;
  transaction.check(client_.paths().counter(prefix), *version);
  empty_.keep(prefix, *version);
  return true;
}

// Of what was made here neither identity nor version have changed while its revision has not.
std::optional<Tree::Found> ZookeeperBackend::find(const What& what, std::string_view key,
                                                  Revision expected) {
  auto made = made_.take(key);
  if (!made || made->revision != expected) return tree_.find(what, key);
  Tree::Found found{.entry = {}, .identity = std::move(made->identity), .version = 0};
  found.entry.revision = expected;
  return found;
}

std::optional<Revision> ZookeeperBackend::create(std::string_view key, std::string_view value,
                                                 SessionId owner, const Guard& guard) {
  const What what = checked("create", key);
  check_value(what, value);
  const Paths& paths = client_.paths();
  const auto handle = owner == SessionId::kNone ? nullptr : sessions_.handle(what, owner);
  for (Look look = Look::kNone;; look = Look::kFirst, client_.check_time(what)) {
    Transaction transaction;
    if (!add_guard(what, guard, look, transaction)) return std::nullopt;
    const std::size_t checks = transaction.steps().size();
    const auto counters = paths.counters(key);
    for (const auto& counter : counters)
      transaction.set(counter);
    const std::string identity = random_text(client_.env()).substr(0, 16);
    transaction.create(paths.key(key), identity + std::string(value), handle != nullptr);
    transaction.create(paths.identity(identity), "", handle != nullptr);
    const Reply reply = client_.write(what, handle.get(), transaction);
    if (reply.rc == ZOK) {
      made_.keep(key, {reply.zxid, identity});
      return reply.zxid;
    }
    if (is_absent(guard, reply)) return std::nullopt;
    if (reply.failed_step == checks + counters.size() && reply.rc == ZNODEEXISTS)
      return std::nullopt;
    if (reply.rc == ZNONODE) client_.lay(what, counters, paths.folders(key));
  }
}

std::optional<Revision> ZookeeperBackend::replace(std::string_view key, std::string_view value,
                                                  Revision expected) {
  const What what = checked("replace", key);
  check_value(what, value);
  const auto found = tree_.find(what, key);
  if (!found || found->entry.revision != expected) return std::nullopt;
  const Paths& paths = client_.paths();
  Transaction transaction;
  transaction.check(paths.identity(found->identity));
  transaction.set(paths.key(key), found->identity + std::string(value), found->version);
  transaction.set(paths.folder(key));  // who reads or watches the folder learns of it
  const Reply reply = client_.write(what, nullptr, transaction);
  return reply.rc == ZOK ? std::optional(reply.zxid) : std::nullopt;
}

bool ZookeeperBackend::remove(std::string_view key, Revision expected, const Guard& guard) {
  const What what = checked("remove", key);
  const Paths& paths = client_.paths();
  for (Look look = Look::kNone;; look = Look::kFirst, client_.check_time(what)) {
    const auto found = find(what, key, expected);
    if (!found || found->entry.revision != expected) return false;
    Transaction transaction;
    if (!add_guard(what, guard, look, transaction)) return false;
    const std::size_t checks = transaction.steps().size();
    transaction.remove(paths.identity(found->identity));
    transaction.remove(paths.key(key), found->version);
    const Reply reply = client_.write(what, nullptr, transaction);
    if (reply.rc == ZOK) return true;
    // A counter that has moved says nothing yet.
    if (reply.failed_step >= checks || is_absent(guard, reply)) return false;
  }
}

void ZookeeperBackend::wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                   std::stop_token stop) {
  Env& env = client_.env();
  if (stop.stop_requested() || env.now() >= deadline) return;
  News::Ticket ticket(env, client_.news());
  if (tree_.watch(client_.what("watch", prefix), prefix, at, ticket)) return;
  ticket.wait_until(deadline, std::move(stop));
}

// Where the past cannot be told, we wait all the same: else whoever lists, and asks us again, does
// so without a pause.
std::optional<Changes> ZookeeperBackend::next_changes(std::string_view prefix, Revision at,
                                                      Env::TimePoint deadline,
                                                      std::stop_token stop) {
  Env& env = client_.env();
  for (;;) {
    News::Ticket ticket(env, client_.news());
    auto changes = tree_.told(client_.what("watch", prefix), prefix, at, ticket);
    if (!changes) {
      wait_change(prefix, at, deadline, std::move(stop));
      return std::nullopt;
    }
    if (!changes->list.empty() || env.now() >= deadline) return changes;
    ticket.wait_until(deadline, stop);
    if (stop.stop_requested()) return Changes{{}, at};
  }
}

std::string ZookeeperBackend::origin() {
  const std::string path = client_.paths().origin();
  const What what = client_.what("read", "the origin");
  for (;; client_.check_time(what)) {
    const Reply reply = client_.read(what, [&](Batch& batch) { batch.get(path); }).front();
    if (reply.rc == ZOK) return reply.data;
    Transaction transaction;
    transaction.create(path, random_text(client_.env()), false);
    if (client_.write(what, nullptr, transaction).rc == ZNONODE) client_.lay(what, {}, {});
  }
}

}  // namespace
}  // namespace zookeeper

std::unique_ptr<Backend> open_zookeeper(Env& env, const Url& url) {
  return std::make_unique<zookeeper::ZookeeperBackend>(env, zookeeper::options_from(url));
}

}  // namespace tooz
