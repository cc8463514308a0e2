#include "inspector/api/htpasswd.h"

#include <crypt.h>
#include <openssl/crypto.h>

#include <memory>
#include <stdexcept>

namespace inspector {
namespace {

bool is_bcrypt(std::string_view hash) {
  return hash.starts_with("$2y$") || hash.starts_with("$2a$") || hash.starts_with("$2b$");
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

}  // namespace

Users parse_htpasswd(std::string_view text) {
  Users users;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string user(line.substr(0, colon));
    const std::string_view hash = line.substr(colon + 1);
    if (!is_bcrypt(hash))
      throw std::runtime_error(
          "Invalid configuration file. Only bcrypt digested passwords are supported for " + user);
    users.emplace(user, hash);
  }
  return users;
}

bool password_matches(std::string_view password, const std::string& hash) {
  if (password.find('\0') != std::string_view::npos) return false;  // crypt() would stop there
  const auto data = std::make_unique<crypt_data>();                 // 32 KiB, too much for a stack
  const std::string phrase(password);
  const char* result = crypt_r(phrase.c_str(), hash.c_str(), data.get());
  const bool equal = result && hash.size() == std::string_view(result).size() &&
                     CRYPTO_memcmp(result, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(data.get(), sizeof(crypt_data));
  return equal;
}

}  // namespace inspector
