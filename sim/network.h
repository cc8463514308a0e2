#pragma once
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "base/pool.h"
#include "http/client.h"
#include "sim/door.h"

namespace sim {

/// What goes wrong on the way, and how often: chances from 0 to 1 for each request.
struct NetworkFaults {
  double broken = 0;   ///< the connection breaks before the request is there
  double unheard = 0;  ///< executed, and the answer does not arrive
  double twice = 0;    ///< it arrives a second time
  base::Env::Duration longest_delay = std::chrono::milliseconds(3);  ///< each way; drawn evenly
};

/// HTTP between simulated processes, without sockets. A request whose client dies on the way
/// arrives all the same. For threads of the simulation only: the baton is what protects it.
class Network {
 public:
  using TimePoint = base::Env::TimePoint;

  Network(SimEnv& env, Door door) : env_(env), door_(std::move(door)) {}
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// What stands behind a port: as http::Server's handler and router.
  struct Site {
    std::function<http::Response(const http::Request&, const std::stop_token&)> answer;
    std::function<base::Pool*(const http::Request& head)> pool_for;
    bool repeatable = false;      ///< may get a request twice
    bool skip_abandoned = false;  ///< as http::ServerOptions
  };

  class Listener;
  /// Several may listen at one URL: each request goes to one of them that lives. The listener's
  /// thread belongs to `process`.
  std::unique_ptr<Listener> listen(SimProcess& process, const std::string& url, Site site);

  /// How `process` sends its requests: the peer that a server sees is its name.
  std::shared_ptr<http::Sender> sender(SimProcess& process);

  /// When the sender of a request that a server got had decided to send it.
  static TimePoint sent(const http::Request& request);

  void set_faults(const NetworkFaults& faults) { faults_ = faults; }
  /// Nothing passes between `process` and `url` (empty: anybody) before `until`.
  void cut_off(const std::string& process, const std::string& url, TimePoint until) {
    cuts_[{process, url}] = until;
  }
  /// To be called before a process is killed: its connections break.
  void break_connections(const SimProcess& process);

  struct Counts {
    std::uint64_t requests = 0;
    std::uint64_t broken = 0;
    std::uint64_t unheard = 0;
    std::uint64_t twice = 0;
    std::uint64_t refused = 0;  ///< nobody listened, or cut off
    std::uint64_t busy = 0;     ///< 503: the server's pool was full
  };
  const Counts& counts() const noexcept { return counts_; }

 private:
  struct Exchange;
  struct Inbox;
  class SenderFrom;

  http::Response exchange(SimProcess& from, const std::string& url, const http::Request& request,
                          TimePoint deadline, const std::stop_token& stop);
  std::shared_ptr<Inbox> reach(const SimProcess& from, const std::string& url, TimePoint deadline,
                               const std::stop_token& stop);
  std::shared_ptr<Exchange> deliver(SimProcess& from, Inbox& to, const http::Request& request);
  bool is_cut(const std::string& process, const std::string& url, const std::string& server);
  bool happens(double chance);
  void travel(SimProcess& from, const std::stop_token& stop);

  SimEnv& env_;
  const Door door_;
  NetworkFaults faults_;
  Counts counts_;
  std::map<std::pair<std::string, std::string>, TimePoint> cuts_;
  std::vector<std::shared_ptr<Inbox>> inboxes_;
};

/// A port that is open until this is destroyed. What has arrived and was not begun is then refused.
class Network::Listener {
 public:
  Listener(Network& network, std::shared_ptr<Inbox> inbox, SimProcess& process, Site site);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  void accept(const std::stop_token& stop);

  Network& network_;
  const std::shared_ptr<Inbox> inbox_;
  const std::shared_ptr<const Site> site_;  ///< shared with requests that are being answered
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace sim
