#pragma once
#include "tooz/drivers/etcd/exchange.h"
#include "tooz/drivers/etcd/h2_session.h"
#include "tooz/drivers/net/transport.h"

#include <map>
#include <vector>

namespace tooz::etcd {

/// Whom to connect to.
struct Peer {
  net::Address address;
  std::string host;       ///< whom a certificate must name
  std::string authority;  ///< host:port
};

/// How long silence is taken for an answer that is still to come.
struct Patience {
  Env::Duration open;   ///< until the server's first HTTP/2 frame
  Env::Duration quiet;  ///< with an answer owed and nothing received: then PING
  Env::Duration idle;   ///< with nothing but watches and nothing received: then PING
  Env::Duration pong;   ///< after PING with nothing received: then the server is dead
};

/// One HTTP/2 connection with its calls. For the I/O thread; never blocks, never throws after its
/// construction: a connection that failed has an error().
class Connection final : private H2Events {
 public:
  /// Begins to connect; throws net::TransportError or net::TlsError.
  Connection(Env& env, Peer peer, const net::TlsContext* tls, Patience patience);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const noexcept { return transport_.fd(); }
  short interest() const noexcept { return transport_.interest(); }
  void advance();  ///< after poll() reported something
  Env::TimePoint timer() const noexcept;
  void on_timer();

  bool open() const noexcept { return open_; }          ///< the server speaks HTTP/2
  bool draining() const noexcept { return draining_; }  ///< GOAWAY: takes no more calls
  bool idle() const noexcept { return exchanges_.empty(); }
  std::size_t calls() const noexcept { return exchanges_.size(); }
  const std::string& authority() const noexcept { return peer_.authority; }
  const std::string& error() const noexcept { return error_; }  ///< empty: none

  /// Sends a call; empty token: none. Only when open and not draining.
  void submit(std::shared_ptr<Call> call, const std::string& token);
  /// Resets the stream of a call. A call that waited in vain until its deadline while nothing at
  /// all was received proves the connection dead.
  void cancel(const Call& call);

  struct Ended {
    std::shared_ptr<Call> call;
    Status status;
    bool refused = false;  ///< the server did nothing with it
  };
  std::vector<Ended> take_ended();
  /// All calls that have not ended, and forgets them.
  std::vector<std::shared_ptr<Call>> abandon();

 private:
  void on_settings() override;
  void on_header(std::int32_t stream, std::string_view name, std::string_view value) override;
  void on_data(std::int32_t stream, std::string_view bytes) override;
  void on_close(std::int32_t stream, std::uint32_t error, bool refused) override;
  void on_goaway(std::uint32_t error) override;
  void on_pong() override {}  // received bytes are proof enough of a living server

  void pump();
  void fail(std::string why);
  Env::TimePoint ping_due() const noexcept;

  Env& env_;
  const Peer peer_;
  const bool tls_;
  const Patience patience_;
  net::Transport transport_;
  H2Session session_;
  std::map<std::int32_t, Exchange> exchanges_;
  std::vector<Ended> ended_;
  bool open_ = false;
  bool draining_ = false;
  std::string error_;

  const Env::TimePoint begun_;
  Env::TimePoint received_;    // the last bytes
  Env::TimePoint owed_since_;  // the first of the answers that are owed now was asked for
  std::size_t owed_ = 0;       // calls under way that are not watches
  Env::TimePoint pinged_;      // the last PING
  bool ping_open_ = false;     // nothing received since
};

}  // namespace tooz::etcd
