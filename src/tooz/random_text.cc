#include "tooz/random_text.h"

#include <string_view>

namespace tooz {

std::string random_bytes(base::Env& env) {
  std::string bytes;
  for (int word = 0; word < 2; ++word) {
    auto bits = env.random();
    for (int i = 0; i < 8; ++i, bits >>= 8)
      bytes += static_cast<char>(bits & 0xff);
  }
  return bytes;
}

std::string random_text(base::Env& env) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : random_bytes(env)) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace tooz
