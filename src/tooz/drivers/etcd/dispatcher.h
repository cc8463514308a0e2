#pragma once
#include "tooz/drivers/etcd/endpoints.h"
#include "tooz/drivers/etcd/options.h"

#include <poll.h>

#include <atomic>
#include <deque>

namespace tooz::etcd {

/// What the I/O thread does: connects, logs in, hands calls to the connection, and decides what
/// becomes of a call whose connection was lost. For that one thread.
class Dispatcher {
 public:
  /// Counts connections in `generation`, before a call is sent on a new one.
  Dispatcher(Env& env, const Options& options, std::atomic<std::uint64_t>& generation);

  void add(std::shared_ptr<Call> call);
  void cancel(const std::shared_ptr<Call>& call);

  /// All that can be done without waiting.
  void work();
  /// For poll(), and when to come back at the latest without an event.
  void collect(std::vector<pollfd>& polled) const;
  Env::TimePoint timer() const;
  /// The same descriptors after poll().
  void advance(const std::vector<pollfd>& polled);

  /// Ends every call: nothing more will be done.
  void close();

 private:
  enum class Login { kNone, kRunning, kDone };

  void work_on(std::unique_ptr<Connection>& connection);
  void connect();
  void attempt_failed(const std::string& why);
  void give_up(std::unique_ptr<Connection> connection, const std::string& why);
  void retire();
  void opened();
  void send_waiting();
  void log_in();
  /// These two are false when the endpoint is of no use at the moment.
  bool logged_in(const Status& status);
  bool ended(Connection::Ended end);
  void send_again_or_fail(const std::shared_ptr<Call>& call, bool harmless, Status status);
  void fail_waiting(const Status& status);

  Env& env_;
  const Options options_;
  const Patience patience_;
  Endpoints endpoints_;
  std::unique_ptr<net::TlsContext> tls_;
  std::unique_ptr<Connection> current_;
  std::unique_ptr<Connection> retired_;  // after a GOAWAY, until its last answer has come
  bool ready_ = false;                   // current_ takes calls
  std::atomic<std::uint64_t>& generation_;
  std::deque<std::shared_ptr<Call>> waiting_;

  Login login_ = Login::kNone;
  std::uint64_t login_number_ = 0;
  std::shared_ptr<Call> login_call_;
  std::string token_;
};

}  // namespace tooz::etcd
