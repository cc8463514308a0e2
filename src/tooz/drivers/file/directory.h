#pragma once
#include "base/env.h"
#include "tooz/drivers/descriptor.h"
#include "tooz/drivers/pages.h"

#include <optional>
#include <string>

namespace tooz::file {

/// What the URL says.
struct Settings {
  std::string directory;  ///< absolute
  std::string name;       ///< the URL for errors
  std::string boot_id;    ///< which start of the machine sessions belong to
  base::Env::Duration timeout = std::chrono::seconds(5);
};

/// The directory of the state, open for one operation, and its data file. Made (0700, its parent
/// must exist) when absent. Throws Error{kUnreachable}, Error{kDenied}, and Error{kUnsuitable} on a
/// file system that several machines share. For one thread.
class Directory {
 public:
  explicit Directory(const Settings& settings);

  /// Excludes all other processes and threads from changing the data until this object ends.
  /// Error{kUnreachable} when others have it for longer than the timeout.
  void lock(base::Env& env);

  /// The data file; nullopt: there is none. It is replaced as a whole only, so it is complete also
  /// without the lock.
  std::optional<Buffer> read() const;
  /// Puts `bytes` in its place: all of it or nothing, also if the power fails; durable on return.
  /// Error{kUnreachable}: it may stand there.
  void replace(std::string_view bytes) const;

 private:
  /// Ends the lock for a child too that was forked off in the meantime and has a copy of the file.
  struct Unlock {
    int directory;
    explicit Unlock(int d) noexcept : directory(d) {}
    Unlock(const Unlock&) = delete;
    ~Unlock();
  };
  void open();
  void refuse_shared() const;

  const Settings& settings_;
  Descriptor directory_;
  std::optional<Unlock> locked_;
};

inline constexpr const char* kDataFile = "tooz-cc.data";

}  // namespace tooz::file
