#pragma once
#include "base/env.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tooz::sql_kv {

using base::Env;

/// What one statement brought: its rows, NULL being nullopt, or how many rows it changed.
struct Result {
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::int64_t affected = 0;
};

/// Statements that are one transaction: sent at once, all of them take effect or none.
struct Batch {
  std::vector<std::string> statements;
  std::size_t answer = 0;   ///< whose result the caller wants
  bool repeatable = false;  ///< doing it twice is as good as once
};

/// Why a batch has no result. what() is the server's text; it shows no password.
class Failure : public std::runtime_error {
 public:
  enum class Kind {
    kLost,       ///< no answer; the batch may have been done, unless the connection was never made
    kConflict,   ///< undone because of others; may be done again
    kNoSchema,   ///< our tables are not there; nothing was done
    kOldSchema,  ///< they are of an earlier version; nothing was done
    kStandby,    ///< the server takes no writes; nothing was done
    kDenied,     ///< the server refuses; nothing was done
  };
  Failure(Kind kind, const std::string& text) : std::runtime_error(text), kind_(kind) {}
  Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

/// A connection to a server. For one thread at a time. After a Failure it is to be dropped.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Returns the result of the batch's answer; by `deadline`, else Failure{kLost}.
  virtual Result run(const Batch& batch, Env::TimePoint deadline) = 0;
  /// False when something has come from the server that nobody asked for: it said farewell.
  virtual bool quiet() const noexcept = 0;
  /// Which history of the data this server continues: another text when writes may have been
  /// lost on the way to it (another timeline, another server of a replicated pair).
  virtual const std::string& history() const noexcept = 0;
};

/// Returns what poll() says of one descriptor that is waited for until `deadline`; 0: too late.
short wait_for_socket(Env& env, int socket, short events, Env::TimePoint deadline);

}  // namespace tooz::sql_kv
