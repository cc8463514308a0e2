#pragma once
#include <optional>

#include "tooz/backend.h"

namespace sim {

/// A number kept under one key of a backend, by whose revisions it changes; refuses whoever comes
/// with an older token than somebody before him, be it to read or to write.
class GuardedRegister {
 public:
  /// Flawed: does not look at the tokens of those who come.
  GuardedRegister(tooz::Backend& backend, std::string key, bool flawed = false)
      : backend_(backend), key_(std::move(key)), flawed_(flawed) {}

  /// Its key, with number 0, unless it is there. Throws tooz::Error.
  void make() { backend_.create(key_, "0 0", tooz::SessionId::kNone); }

  /// nullopt: the token is too old. Throws tooz::Error; it may then have happened, or still happen.
  std::optional<std::int64_t> read(tooz::Revision token) { return access(token, std::nullopt); }
  bool write(tooz::Revision token, std::int64_t value) { return access(token, value).has_value(); }

 private:
  std::optional<std::int64_t> access(tooz::Revision token, std::optional<std::int64_t> value);

  tooz::Backend& backend_;
  const std::string key_;
  const bool flawed_;
};

}  // namespace sim
