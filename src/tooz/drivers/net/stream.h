#pragma once
#include "base/env.h"
#include "tooz/drivers/net/transport.h"

namespace tooz::net {

/// Whom to connect to, and how.
struct Destination {
  std::string host;  ///< a name or an address; one that begins with '/' is a local socket's path
  std::uint16_t port = 0;
  std::shared_ptr<const TlsContext> tls;  ///< null: in clear text

  std::string text() const;  ///< host:port
};

/// A connection whose calls wait, each until its deadline. For one thread at a time. After an
/// exception (TransportError, TlsError) it is of no more use.
class Stream {
 public:
  /// Connects to the first address that answers. A name is resolved as resolve() does, which knows
  /// no deadline; numeric addresses need none.
  Stream(base::Env& env, const Destination& to, base::Env::TimePoint deadline);

  /// All of it; past `deadline` TransportError.
  void send(std::string_view bytes, base::Env::TimePoint deadline);
  /// What has come by then, empty: nothing until `deadline`, or the descriptor `waker` became
  /// readable.
  std::string receive(base::Env::TimePoint deadline, int waker = -1);
  /// False: the server has closed it, or has sent what nobody asked for.
  bool quiet();

 private:
  bool connects(base::Env::TimePoint deadline);
  void wait(base::Env::TimePoint deadline, int waker = -1);

  base::Env& env_;
  std::optional<Transport> transport_;
};

}  // namespace tooz::net
