#include "inspector/api/http_basic.h"

#include "base/ini.h"
#include "base/log.h"
#include "http/message.h"
#include "inspector/api/basic_credentials.h"
#include "inspector/error.h"

#include <openssl/sha.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <iterator>

namespace inspector {
namespace {

constexpr std::size_t kMostRemembered = 1000;
constexpr std::string_view kUnreadable =
    "Invalid configuration file. Problem reading auth user file";

std::string digest_of(const BasicCredentials& given, const std::string& hash) {
  std::string text = given.user;
  text += '\0';
  text += given.password;
  text += '\0';
  text += hash;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return {digest.begin(), digest.end()};
}

/// Instead of the file's content.
class Unreadable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

Error unauthorized() { return {Errc::kUnauthorized, "Authentication required"}; }

}  // namespace

HttpBasic::HttpBasic(std::string file, std::string_view option) : file_(std::move(file)) {
  const std::string setting = std::string(option) + " = " + file_;
  try {
    load();
  } catch (const Unreadable&) {
    throw base::ConfigError(std::string(kUnreadable) + ": " + setting);
  } catch (const std::runtime_error& error) {
    throw base::ConfigError(std::string(error.what()) + ": " + setting);
  }
}

HttpBasic::Stamp HttpBasic::stamp_of(const std::string& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    throw Unreadable("not a file: " + file);
  return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, status.st_ino};
}

/// The stamp is taken first: a change in between is seen by the next request.
void HttpBasic::load() {
  const Stamp stamp = stamp_of(file_);
  std::ifstream in(file_, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Unreadable("cannot read " + file_);
  users_ = parse_htpasswd(text);
  right_.clear();
  stamp_ = stamp;
}

/// The user's hash; for an unknown user somebody's, so that the answer takes as long.
std::string HttpBasic::hash_of(const std::string& user, bool& known) {
  const std::lock_guard guard(mutex_);
  try {
    if (stamp_of(file_) != stamp_) load();
  } catch (const std::exception& error) {
    base::log_error("api", "the file of users cannot be used", {{"error", error.what()}});
    throw Error(Errc::kUnavailable, std::string(kUnreadable));
  }
  const auto found = users_.find(user);
  known = found != users_.end();
  if (known) return found->second;
  return users_.empty() ? std::string() : users_.begin()->second;
}

bool HttpBasic::is_remembered(const std::string& digest) {
  const std::lock_guard guard(mutex_);
  return right_.contains(digest);
}

void HttpBasic::remember(std::string digest) {
  const std::lock_guard guard(mutex_);
  if (right_.size() >= kMostRemembered) right_.clear();
  right_.insert(std::move(digest));
}

std::string HttpBasic::check(std::optional<std::string_view> authorization) {
  if (!authorization) throw unauthorized();
  const BasicCredentials given = parse_basic(*authorization);
  bool known = false;
  const std::string hash = hash_of(given.user, known);
  std::string digest = digest_of(given, hash);
  if (known && is_remembered(digest)) return given.user;
  const bool right = !hash.empty() && password_matches(given.password, hash);
  if (!right || !known) throw unauthorized();
  remember(std::move(digest));
  return given.user;
}

}  // namespace inspector
