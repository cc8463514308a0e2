#pragma once
#include "tooz/drivers/net/stream.h"
#include "tooz/drivers/redis/reply.h"

#include <deque>

namespace tooz::redis {

using base::Env;

/// A connection to a server that speaks Redis' protocol. For one thread at a time. After an
/// exception (net::TransportError, net::TlsError, BadReply) it is of no more use.
class Connection {
 public:
  Connection(Env& env, const net::Destination& to, Env::TimePoint deadline)
      : stream_(env, to, deadline), server_(to.text()) {}

  using Command = std::vector<std::string_view>;
  /// Sends commands together and returns their answers, errors among them.
  std::vector<Reply> ask(const std::vector<Command>& commands, Env::TimePoint deadline);
  Reply ask_one(const Command& command, Env::TimePoint deadline);

  void send(const Command& command, Env::TimePoint deadline);
  /// The next message; nullopt: none until `deadline`, or `waker` became readable.
  std::optional<Reply> receive(Env::TimePoint deadline, int waker = -1);

  /// False when the server has closed it.
  bool usable() { return stream_.quiet(); }
  const std::string& server() const noexcept { return server_; }  ///< host:port

 private:
  net::Stream stream_;
  ReplyReader reader_;
  const std::string server_;
};

/// Logs in where a password is given. Throws Error{kDenied}, whose text has no secret.
struct Login {
  std::string_view user;  ///< may be empty: the server's default user
  std::string_view password;
  std::string_view name;  ///< of the backend, for the error text
};
void log_in(Connection& connection, const Login& login, Env::TimePoint deadline);

}  // namespace tooz::redis
