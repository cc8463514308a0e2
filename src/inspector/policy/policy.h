#pragma once
#include "inspector/config/policy.h"
#include "inspector/policy/check.h"
#include "inspector/policy/remote.h"

#include <boost/json/fwd.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// Who may do what: the defaults, with what policy files say in their place. Files are read again
/// when they have changed, come or gone. Thread-safe.
class Policy {
 public:
  /// Throws base::ConfigError for a file that cannot be used.
  explicit Policy(PolicyOptions options);

  /// Whether `credentials` pass the rule. When a file has become unusable, what was read before
  /// goes on to hold, and the log says so.
  /// Blocks for as long as servers that a check asks take; throws Error{kUnavailable} when one does
  /// not answer.
  bool allows(std::string_view rule, const boost::json::object& credentials,
              const std::stop_token& stop = {});

 private:
  /// A file as it was when it was read: another one means that it may have changed.
  struct Seen {
    std::string file;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t size = 0;
    std::uint64_t inode = 0;
    bool operator==(const Seen&) const = default;
  };
  struct Loaded {
    std::vector<Seen> files;
    std::shared_ptr<const PolicyRules> rules;
  };

  std::vector<Seen> look() const;
  std::shared_ptr<const PolicyRules> read(const std::vector<Seen>& files) const;
  std::shared_ptr<const PolicyRules> current();

  const PolicyOptions options_;
  RemotePolicy remote_;
  std::mutex mutex_;
  Loaded loaded_;  // guarded by mutex_
};

}  // namespace inspector
