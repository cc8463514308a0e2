#pragma once
#include "tooz/drivers/zookeeper/client.h"
#include "tooz/drivers/zookeeper/proof.h"

#include <set>

namespace tooz::zookeeper {

/// The leases of a Backend: each is a session of its own connection. The library keeps a session
/// alive as long as the process lives, a lease ends when nobody renews it: a thread closes those.
/// Thread-safe. Throws Error.
class Sessions {
 public:
  explicit Sessions(Client& client);
  ~Sessions();  ///< those not closed run out in their time
  Sessions(const Sessions&) = delete;
  Sessions& operator=(const Sessions&) = delete;

  using What = Client::What;
  Session open(const What& what, Env::Duration wanted);
  Env::Duration renew(const What& what, SessionId session);
  void close(const What& what, SessionId session);
  /// The connection whose ephemeral nodes end with `session`; one that another process has opened
  /// is taken over. Error{kSessionLost}.
  std::shared_ptr<Handle> handle(const What& what, SessionId session);

 private:
  /// A session that is open here. The mutex of Sessions guards its members.
  struct Lease {
    std::shared_ptr<Handle> handle;
    Proof proof;
    Env::Duration session;  ///< time to live at the server
    Env::TimePoint end;     ///< unless it is renewed
    Env::TimePoint let_in;  ///< the loss of connection that `proof` knows
  };

  std::shared_ptr<Handle> connect(const What& what, const Handle::Wish& wish,
                                  Env::TimePoint deadline);
  void write_record(const What& what, Handle& handle);
  std::shared_ptr<Handle> take_over(const What& what, SessionId session);
  bool answered(const What& what, Handle& handle, SessionId session, Env::TimePoint deadline);
  void move(const What& what, SessionId session, const std::shared_ptr<Handle>& from);
  std::optional<Handle::Wish> record(const What& what, SessionId session);
  Env::Duration extend(SessionId session, Env::TimePoint sent);
  std::shared_ptr<Handle> forget(SessionId session);
  [[noreturn]] void lost(const What& what, SessionId session);
  void add(const std::shared_ptr<Handle>& handle, Env::TimePoint opened);
  void end_overdue(const std::stop_token& stop);

  Client& client_;
  News news_;
  std::mutex mutex_;
  std::map<SessionId, Lease> leases_;
  std::set<SessionId> ended_;  // here, and perhaps not yet at the servers
  std::size_t next_host_ = 0;
  const std::unique_ptr<Env::Event> changed_;
  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz::zookeeper
