#include "inspector/api/basic_credentials.h"

#include "http/message.h"
#include "inspector/error.h"
#include "inspector/utf8.h"

#include <cstdint>
#include <optional>

namespace inspector {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// Strict: the usual alphabet, padded, nothing around. nullopt: it is none.
std::optional<std::string> base64_decode(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  std::string out;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < text.size() - padding; ++i) {
    const std::size_t digit = kDigits.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    if (i % 4 == 0) continue;
    out += static_cast<char>(bits >> (6U - 2U * (i % 4)) & 0xFFU);
  }
  return out;
}

}  // namespace

BasicCredentials parse_basic(std::string_view authorization) {
  authorization = trim(authorization);
  const std::size_t blank = authorization.find_first_of(" \t");
  if (blank == std::string_view::npos)
    throw Error(Errc::kBadRequest, "Could not parse Authorization header");
  const std::string_view scheme = authorization.substr(0, blank);
  if (!http::same_name(scheme, "Basic"))
    throw Error(Errc::kBadRequest,
                "Unsupported authorization type \"" + std::string(scheme) + "\"");
  const std::optional<std::string> pair = base64_decode(trim(authorization.substr(blank)));
  const std::size_t colon = pair ? pair->find(':') : std::string::npos;
  if (colon == std::string::npos || !valid_utf8(pair->substr(0, colon)))
    throw Error(Errc::kBadRequest, "Could not decode authorization token");
  return {pair->substr(0, colon), pair->substr(colon + 1)};
}

}  // namespace inspector
