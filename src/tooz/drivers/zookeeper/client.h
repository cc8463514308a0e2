#pragma once
#include "tooz/backend.h"
#include "tooz/drivers/zookeeper/batch.h"
#include "tooz/drivers/zookeeper/paths.h"
#include "tooz/error.h"

#include <functional>

namespace tooz::zookeeper {

/// Requests with the driver's timeout, over a connection that is opened with the first and renewed
/// when its session has ended; what the servers refuse becomes tooz::Error. Thread-safe.
class Client {
 public:
  Client(Env& env, Options options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  struct What {
    std::string_view verb;  ///< for the error text: "create"
    std::string_view key;
    Env::TimePoint deadline;
  };
  What what(std::string_view verb, std::string_view key) const {
    return {verb, key, env_.after(options_.timeout)};
  }

  /// Asks what `ask` puts into the batch, after everything that any client was told is done. Asked
  /// again when the connection is lost. The replies have no rc but ZOK and ZNONODE. Throws Error.
  std::vector<Reply> read(const What& what, const std::function<void(Batch&)>& ask);

  /// Runs `transaction` once, over `handle`; null: over a connection that ends with no session of
  /// ours. Replies have no rc but ZOK, ZNONODE, ZNODEEXISTS, ZBADVERSION and ZNOTEMPTY.
  /// Error{kUnreachable}: it may have been done. Error{kSessionLost}: `handle` is over.
  Reply write(const What& what, Handle* handle, const Transaction& transaction);

  /// Makes the nodes that are absent: those that all stands on, and these two kinds.
  void lay(const What& what, const std::vector<std::string>& persistent,
           const std::vector<std::string>& containers);

  [[noreturn]] void fail(const What& what, Errc code, std::string_view why) const;
  /// For an rc that means neither yes nor no.
  [[noreturn]] void fail(const What& what, int rc) const;
  /// Throws when the time for a call is over: another attempt is no use.
  void check_time(const What& what) const;

  Env& env() noexcept { return env_; }
  const Options& options() const noexcept { return options_; }
  const Paths& paths() const noexcept { return paths_; }
  News& news() noexcept { return news_; }
  /// The hosts in the order that this process tries them.
  const std::vector<std::string>& hosts() const noexcept { return hosts_; }

 private:
  /// Connected, or Error{kUnreachable}.
  std::shared_ptr<Handle> handle(const What& what);
  std::shared_ptr<Handle> current(const What& what);

  Env& env_;
  const Options options_;
  const Paths paths_;
  const std::vector<std::string> hosts_;
  News news_;
  std::atomic<std::size_t> failures_ = 0;  // connections that did not come about
  std::mutex mutex_;
  std::shared_ptr<Handle> handle_;  // the last member: its callbacks use the others
};

/// The connection was lost, or there is none: the same request may be asked again elsewhere.
bool is_lost(int rc) noexcept;

}  // namespace tooz::zookeeper
