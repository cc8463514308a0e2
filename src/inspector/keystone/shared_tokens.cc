#include "inspector/keystone/shared_tokens.h"

#include "base/log.h"
#include "inspector/keystone/token_seal.h"

#include <cstring>

namespace inspector::keystone {
namespace {

namespace json = boost::json;

std::array<unsigned char, 16> random_vector(base::Env& env) {
  const std::array<std::uint64_t, 2> words{env.random(), env.random()};
  std::array<unsigned char, 16> vector{};
  std::memcpy(vector.data(), words.data(), vector.size());
  return vector;
}

}  // namespace

std::optional<json::object> SharedTokens::find(const std::string& token) {
  try {
    const TokenSeal seal(options_, token);
    const auto kept = servers_.get(seal.item());
    if (!kept) return std::nullopt;
    if (const auto answer = seal.open(*kept)) return json::parse(*answer).at("token").as_object();
  } catch (const std::exception&) {  // told below: the text would hold parts of what stands there
  }
  base::log_warning("inspector.keystone", "Failed to decrypt/verify cache data");
  return std::nullopt;
}

bool SharedTokens::keep(const std::string& token, const std::string& answer,
                        base::Env::Duration lives) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lives).count();
  if (seconds <= 0) return false;
  try {
    const TokenSeal seal(options_, token);
    return servers_.set(seal.item(), seal.close(answer, random_vector(env_)),
                        static_cast<int>(seconds));
  } catch (const std::exception& error) {
    base::log_warning("inspector.keystone", std::string("A token is not kept: ") + error.what());
    return false;
  }
}

}  // namespace inspector::keystone
