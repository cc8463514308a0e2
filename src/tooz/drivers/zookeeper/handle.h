#pragma once
#include "tooz/drivers/zookeeper/news.h"
#include "tooz/drivers/zookeeper/options.h"

#include <atomic>
#include <memory>

typedef struct _zhandle zhandle_t;  // NOLINT(bugprone-reserved-identifier): the library's name

namespace tooz::zookeeper {

/// One connection of the client library, with the session that it carries and the two threads that
/// the library gives it: they connect again, to whichever host answers, and keep the session alive.
/// Thread-safe.
class Handle {
 public:
  /// What it takes to carry on a session.
  struct Identity {
    std::int64_t id = 0;  ///< 0: a new session
    std::string password;
  };
  struct Wish {
    std::vector<std::string> hosts;  ///< tried in this order
    Env::Duration session{};         ///< its time to live; servers clamp it
    Identity identity;
  };

  /// Begins to connect. Error{kUnreachable}: no name of the hosts can be resolved.
  Handle(Env& env, const Options& options, News& news, const Wish& wish);
  /// Closes the session if there is a connection, which may block for some seconds when nobody
  /// answers.
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  /// Drops the connection: the session then runs out in its time, or is carried on elsewhere.
  void leave() noexcept;

  bool connected() const noexcept;
  /// False: not by then, or over().
  bool connected_by(Env::TimePoint deadline);
  /// The session has ended, or the servers refused us.
  bool over() const noexcept;
  bool refused() const noexcept;

  /// These two while connected.
  Identity identity() const;
  Env::Duration granted() const;  ///< the session's time to live

  zhandle_t* raw() const noexcept { return zh_; }
  News& news() const noexcept { return news_; }
  /// When the connection was lost last; the session was known to the servers later than that.
  Env::TimePoint lost_at() const noexcept { return Env::TimePoint(Env::Duration(lost_at_)); }

 private:
  static void on_event(zhandle_t* zh, int type, int state, const char* path, void* context);

  Env& env_;
  News& news_;
  std::atomic<Env::Duration::rep> lost_at_;
  zhandle_t* zh_ = nullptr;
};

}  // namespace tooz::zookeeper
