#include "inspector/keystone/tokens.h"

#include "base/log.h"
#include "inspector/error.h"
#include "inspector/keystone/auth_request.h"
#include "inspector/keystone/credentials.h"
#include "sql/time.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace inspector::keystone {
namespace {

namespace json = boost::json;

constexpr int kOk = 200, kUnauthorized = 401, kNotFound = 404;
constexpr std::size_t kMostValid = 4096, kMostInvalid = 4096;
constexpr std::size_t kLongestToken = 8192;
constexpr base::Env::Duration kPause = std::chrono::milliseconds(200);

std::string digest_of(const std::string& token, bool expired_too) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return std::string(digest.begin(), digest.end()) + (expired_too ? "+" : "");
}

/// Empty: none, or what cannot be one.
std::string token_in(const http::Request& request, std::string_view header) {
  const auto found = http::find_header(request.headers, header);
  if (!found || found->size() > kLongestToken) return {};
  const bool plain = std::ranges::all_of(*found, [](char c) { return c > ' ' && c < 0x7f; });
  return plain ? std::string(*found) : std::string();
}

std::string target_of(bool with_catalog, bool expired_too) {
  std::string target = "/auth/tokens";
  if (!with_catalog) target += "?nocatalog";
  if (expired_too) target += with_catalog ? "?allow_expired=1" : "&allow_expired=1";
  return target;
}

inspector::Error unavailable() {
  return {Errc::kUnavailable, "The Keystone service is temporarily unavailable."};
}

/// nullopt: it does not say. Throws when it says what is no time.
std::optional<std::chrono::system_clock::time_point> end_of(const json::object& token) {
  const json::value* expires = token.if_contains("expires_at");
  if (expires == nullptr || !expires->is_string()) return std::nullopt;
  std::string text(expires->get_string());
  if (text.ends_with('Z')) text.pop_back();
  return sql::time_from_text(text);
}

}  // namespace

Tokens::Tokens(base::Env& env, TokenOptions options, std::shared_ptr<http::Sender> sender)
    : env_(env),
      options_(std::move(options)),
      sender_(sender ? std::move(sender) : std::make_shared<http::Client>(env, options_.client)),
      session_(env, options_.auth, sender_),
      shared_(options_.shared.servers.empty() || options_.cache_time == base::Env::Duration::zero()
                  ? nullptr
                  : std::make_unique<SharedTokens>(env, options_.shared)),
      valid_(kMostValid),
      invalid_(kMostInvalid) {}

std::string Tokens::challenge() const {
  return "Keystone uri=\"" + options_.www_authenticate_uri + "\"";
}

TokenCache::Answer Tokens::check(const http::Request& request, const std::stop_token& stop) {
  const std::string token = token_in(request, "X-Auth-Token");
  if (token.empty()) return nullptr;
  const std::string service = token_in(request, "X-Service-Token");
  bool from_service = false;
  if (!service.empty()) {
    const Answer found = look_up(service, false, stop);
    if (!found) return nullptr;
    from_service = is_service(*found);
    if (!from_service && options_.service_token_roles_required) return nullptr;
  }
  const Answer found = look_up(token, from_service, stop);
  const bool allowed =
      found && access_rules_allow(*found, options_.service_type, request.method, request.target);
  if (!allowed) return nullptr;
  return std::make_shared<const json::object>(credentials_of(*found));
}

bool Tokens::is_service(const json::object& token) const {
  const json::object credentials = credentials_of(token);
  return std::ranges::any_of(credentials.at("roles").get_array(), [&](const json::value& role) {
    return std::ranges::find(options_.service_token_roles, std::string(role.get_string())) !=
           options_.service_token_roles.end();
  });
}

Tokens::Answer Tokens::look_up(const std::string& token, bool expired_too,
                               const std::stop_token& stop) {
  const std::string digest = digest_of(token, expired_too);
  const base::Env::TimePoint now = env_.now();
  if (const auto known = valid_.find(digest, now)) return *known;
  if (const auto known = invalid_.find(digest, now)) return *known;
  if (auto told = shared(token, expired_too)) return *std::move(told);
  Said said;
  try {
    said = ask(token, expired_too, stop);
  } catch (const keystone::Error& error) {
    base::log_error("inspector.keystone", error.what());
    throw unavailable();
  }
  keep(digest, token, said);
  return said.answer;
}

/// One that has expired stands there for services that may use it.
std::optional<Tokens::Answer> Tokens::shared(const std::string& token, bool expired_too) {
  if (!shared_) return std::nullopt;
  auto found = shared_->find(token);
  if (!found) return std::nullopt;
  try {
    credentials_of(*found);
    if (kept_for(*found) == base::Env::Duration::zero() && !expired_too) return Answer();
    found->erase("catalog");
    return std::make_shared<const json::object>(*std::move(found));
  } catch (const std::exception&) {
    return std::nullopt;  // it is no token
  }
}

/// What all processes know is not kept here: it is for one time only that an answer counts.
void Tokens::keep(const std::string& digest, const std::string& token, const Said& said) {
  if (!said.answer) return invalid_.keep(digest, nullptr, env_.after(options_.cache_time));
  if (shared_ && shared_->keep(token, said.body, options_.cache_time)) return;
  valid_.keep(digest, said.answer, env_.after(kept_for(*said.answer)));
}

/// No longer than it is valid by our clock.
base::Env::Duration Tokens::kept_for(const json::object& token) const {
  const auto end = end_of(token);
  if (!end) return {};
  const base::Env::Duration left = *end - env_.wall_time();
  return std::clamp(left, base::Env::Duration::zero(), options_.cache_time);
}

bool Tokens::has_expired(const json::object& token) const {
  const auto end = end_of(token);
  return end && *end <= env_.wall_time();
}

/// Our own token may have been revoked since we got it: then another is tried.
Tokens::Said Tokens::ask(const std::string& token, bool expired_too, const std::stop_token& stop) {
  const Patience patience{env_.after(2 * options_.timeout), stop};
  for (int attempt = 1;; ++attempt) {
    http::Request request{.method = "GET",
                          .target = target_of(shared_ && options_.with_catalog, expired_too),
                          .headers = session_.headers(patience)};
    const http::Headers ours = request.headers;
    request.headers.emplace_back("X-Subject-Token", token);
    request.headers.emplace_back("OpenStack-Identity-Access-Rules", "1");
    request.headers.emplace_back("Accept", "application/json");
    const http::Response response = send(request, patience);
    if (response.status == kNotFound) return {};
    if (response.status == kUnauthorized && attempt == 1 && session_.refused(ours)) continue;
    if (response.status != kOk)
      throw Error(response.status, "Keystone does not check tokens for us: it answers " +
                                       std::to_string(response.status));
    try {
      const json::value body = json::parse(response.body);
      json::object object = body.at("token").as_object();
      object.erase("catalog");
      credentials_of(object);  // what is malformed is found here
      if (has_expired(object) && !expired_too) return {};
      return {std::make_shared<const json::object>(std::move(object)), response.body};
    } catch (const std::exception&) {
      throw Error(response.status, "Keystone answers what is no token");
    }
  }
}

http::Response Tokens::send(const http::Request& request, const Patience& patience) {
  std::string url;
  try {
    url = v3_url(session_.endpoint(options_.identity, patience));
  } catch (const keystone::Error&) {
    url = v3_url(options_.auth.auth_url);  // not every catalogue names Keystone itself
  }
  for (int attempt = 1;; ++attempt) {
    try {
      const auto deadline = std::min(env_.after(options_.timeout), patience.deadline);
      return sender_->send(url, request, deadline, patience.stop);
    } catch (const http::Error& error) {
      if (attempt >= options_.attempts || patience.stop.stop_requested())
        throw Error(0, std::string("Keystone does not answer: ") + error.what());
    }
    const auto next = env_.after(kPause);
    if (next >= patience.deadline || !env_.sleep_until(next, patience.stop))
      throw Error(0, "Keystone does not answer in time");
  }
}

}  // namespace inspector::keystone
