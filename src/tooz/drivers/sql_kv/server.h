#pragma once
#include "tooz/backend.h"
#include "tooz/drivers/sql_kv/connection.h"
#include "tooz/url.h"

#include <memory>
#include <string_view>

namespace tooz::sql_kv {

/// What the two servers' SQL does not have in common. Statements are about the tables of schema().
struct Dialect {
  std::string_view now;              ///< microseconds since 1970 by the server's clock, an integer
  std::string_view standby;          ///< 1: the server takes no writes any more; else 0
  std::string_view drop_ended_keys;  ///< deletes the keys of sessions that have ended
  std::string_view announce;  ///< tells who listens what this transaction changed; empty: nobody
  std::string (*bytes)(std::string_view value);  ///< a literal
};

/// What is new since somebody asked last.
struct News {
  struct Change {
    Revision revision;
    std::string key;
  };
  std::vector<Change> changes;
  bool gap = false;  ///< there may have been others, too
};

/// Where a backend hears of changes, its own and others'. For one thread.
class Feed {
 public:
  virtual ~Feed() = default;
  /// Returns at the first news, after some seconds, or when `stop` is requested. Throws Failure
  /// when it hears nothing any more.
  virtual News next(const std::stop_token& stop) = 0;
};

/// What a driver provides. Thread-safe.
class Server {
 public:
  virtual ~Server() = default;
  virtual const Dialect& dialect() const noexcept = 0;
  /// Makes the tables that are not there. `state` is the literals of origin and history that a new
  /// state row gets.
  virtual Batch schema(const std::string& state) const = 0;
  /// Adds what tables of an earlier version lack; its processes can go on working with them.
  virtual Batch upgrade() const = 0;
  /// A connection to `host`, ready for use. By `deadline`; throws Failure, kStandby too.
  virtual std::unique_ptr<Connection> connect(const Url::Host& host, Env::TimePoint deadline) = 0;
  /// Over a connection of its own. Hears all that is committed after it was made.
  virtual std::unique_ptr<Feed> feed(std::unique_ptr<Connection> connection) = 0;
  virtual bool pushes() const noexcept = 0;  ///< its feed does not ask again and again
};

}  // namespace tooz::sql_kv
