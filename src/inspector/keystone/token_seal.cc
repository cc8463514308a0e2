#include "inspector/keystone/token_seal.h"

#include "inspector/base64.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace inspector::keystone {
namespace {

using Security = SharedTokenOptions::Security;

constexpr std::size_t kSignature = 64;  // a SHA-384 in base64
constexpr std::size_t kBlock = 16;

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::string hmac(std::string_view key, std::string_view data) {
  std::array<unsigned char, SHA384_DIGEST_LENGTH> digest{};
  HMAC(EVP_sha384(), key.data(), static_cast<int>(key.size()), bytes(data), data.size(),
       digest.data(), nullptr);
  return text(digest.data(), digest.size());
}

std::string sha256_hex(std::string_view data) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes(data), data.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 0xfU];
  }
  return hex;
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)>;

/// AES-128-CBC with PKCS7's padding, either way. nullopt: the data is none that was encrypted so.
std::optional<std::string> crypt(bool encrypt, std::string_view key, std::string_view vector,
                                 std::string_view data) {
  const Cipher cipher(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::vector<unsigned char> out(data.size() + kBlock);
  int first = 0, last = 0;
  const bool done = cipher &&
                    EVP_CipherInit_ex(cipher.get(), EVP_aes_128_cbc(), nullptr, bytes(key),
                                      bytes(vector), encrypt ? 1 : 0) == 1 &&
                    EVP_CipherUpdate(cipher.get(), out.data(), &first, bytes(data),
                                     static_cast<int>(data.size())) == 1 &&
                    EVP_CipherFinal_ex(cipher.get(), out.data() + first, &last) == 1;
  if (!done) return std::nullopt;
  return text(out.data(), static_cast<std::size_t>(first) + static_cast<std::size_t>(last));
}

std::optional<std::string> from_base64(std::string_view encoded) {
  constexpr std::size_t kGroup = 4, kBytes = 3;
  if (encoded.size() % kGroup != 0) return std::nullopt;
  std::vector<unsigned char> out(encoded.size() / kGroup * kBytes + 1);
  const int size = EVP_DecodeBlock(out.data(), bytes(encoded), static_cast<int>(encoded.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = encoded.ends_with("==") ? 2U : encoded.ends_with('=') ? 1U : 0U;
  return text(out.data(), static_cast<std::size_t>(size) - padding);
}

std::string_view name(Security security) {
  return security == Security::kEncrypt ? "ENCRYPT" : "MAC";
}

}  // namespace

TokenSeal::TokenSeal(const SharedTokenOptions& options, const std::string& token)
    : security_(options.security) {
  if (security_ == Security::kNone) {
    item_ = "tokens/" + sha256_hex(token);
    return;
  }
  const std::string keys = hmac(options.secret_key, token + std::string(name(security_)));
  item_ = "tokens/b'" + base64(std::string_view(keys).substr(0, kBlock)) + "'";
  mac_key_ = keys.substr(kBlock, kBlock);
  cipher_key_ = keys.substr(2 * kBlock);
}

std::string TokenSeal::signature(std::string_view data) const {
  return base64(hmac(mac_key_, data));
}

std::string TokenSeal::close(std::string_view answer,
                             const std::array<unsigned char, 16>& vector) const {
  if (security_ == Security::kNone) return std::string(answer);
  std::string data(answer);
  if (security_ == Security::kEncrypt) {
    const std::string start = text(vector.data(), vector.size());
    const auto hidden = crypt(true, cipher_key_, start, answer);
    if (!hidden) throw std::runtime_error("AES-128-CBC is not to be had");
    data = start + *hidden;
  }
  const std::string encoded = base64(data);
  return signature(encoded) + encoded;
}

std::optional<std::string> TokenSeal::open(std::string_view kept) const {
  if (security_ == Security::kNone) return std::string(kept);
  if (kept.size() < kSignature) return std::nullopt;
  const std::string_view encoded = kept.substr(kSignature);
  if (CRYPTO_memcmp(signature(encoded).data(), kept.data(), kSignature) != 0) return std::nullopt;
  auto data = from_base64(encoded);
  if (!data || security_ == Security::kMac) return data;
  if (data->size() < kBlock) return std::nullopt;
  const std::string_view all = *data;
  return crypt(false, cipher_key_, all.substr(0, kBlock), all.substr(kBlock));
}

}  // namespace inspector::keystone
