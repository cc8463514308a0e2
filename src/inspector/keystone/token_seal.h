#pragma once
#include "inspector/config/keystone.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace inspector::keystone {

/// How keystonemiddleware keeps an answer of Keystone's about one token in memcached, by
/// memcache_security_strategy: as it is; signed with HMAC-SHA384; or encrypted (AES-128-CBC) and
/// signed. Key of the item and keys of the ciphers come of the token and the secret, so what is
/// there tells nothing without them.
class TokenSeal {
 public:
  TokenSeal(const SharedTokenOptions& options, const std::string& token);

  const std::string& item() const noexcept { return item_; }

  /// `vector` is chance, for the cipher.
  std::string close(std::string_view answer, const std::array<unsigned char, 16>& vector) const;

  /// nullopt: it was not made with this secret for this token, or has been changed since.
  std::optional<std::string> open(std::string_view kept) const;

 private:
  std::string signature(std::string_view data) const;

  const SharedTokenOptions::Security security_;
  std::string item_;
  std::string mac_key_, cipher_key_;  ///< secrets; empty without security
};

}  // namespace inspector::keystone
