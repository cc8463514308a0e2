#pragma once
#include "inspector/api/htpasswd.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace inspector {

/// Value of `WWW-Authenticate` where http_basic is asked for.
inline constexpr std::string_view kBasicChallenge = "Basic realm=\"Baremetal API\"";

/// HTTP basic authentication against an htpasswd file, which is read again when it has changed. A
/// password that was right once is remembered (as a digest), so that a client does not cost a
/// bcrypt with every request. Thread-safe.
class HttpBasic {
 public:
  /// Reads the file; throws base::ConfigError with upstream's texts, `option` and the file when it
  /// cannot be used.
  explicit HttpBasic(std::string file,
                     std::string_view option = "[DEFAULT]http_basic_auth_user_file");

  /// The user's name. `authorization` is the value of the header of that name, when there is one.
  /// Throws Error: kUnauthorized (no header, unknown user, wrong password), kBadRequest
  /// (malformed), kUnavailable (the file has become unusable).
  std::string check(std::optional<std::string_view> authorization);

 private:
  /// Of a file: another one means that it may have changed.
  struct Stamp {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t size = 0;
    std::uint64_t inode = 0;
    bool operator==(const Stamp&) const = default;
  };

  static Stamp stamp_of(const std::string& file);
  void load();
  std::string hash_of(const std::string& user, bool& known);
  bool is_remembered(const std::string& digest);
  void remember(std::string digest);

  const std::string file_;
  std::mutex mutex_;
  Stamp stamp_;                  // guarded by mutex_, as the next two
  Users users_;                  //
  std::set<std::string> right_;  // digests of user, password and hash
};

}  // namespace inspector
