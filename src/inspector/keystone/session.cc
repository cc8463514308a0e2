#include "inspector/keystone/session.h"

#include "inspector/base64.h"
#include "inspector/keystone/auth_request.h"
#include "inspector/keystone/catalog.h"
#include "inspector/keystone/v1_auth.h"
#include "inspector/keystone/v2_auth.h"
#include "sql/time.h"

#include <algorithm>

namespace inspector::keystone {
namespace {

namespace json = boost::json;

constexpr int kCreated = 201;
constexpr base::Env::Duration kBeforeTheEnd = std::chrono::seconds(30);
constexpr base::Env::Duration kShortest = std::chrono::seconds(1);

/// How long the token lives by Keystone's own clock.
base::Env::Duration lifetime(const json::object& token) {
  const auto time = [&](std::string_view name) {
    std::string text(token.at(name).as_string());
    if (text.ends_with('Z')) text.pop_back();
    return sql::time_from_text(text);
  };
  return time("expires_at") - time("issued_at");
}

json::array catalog_of(const json::object& token) {
  const json::value* catalog = token.if_contains("catalog");
  return catalog != nullptr && catalog->is_array() ? catalog->get_array() : json::array();
}

}  // namespace

Session::Session(base::Env& env, ServiceAuth auth, std::shared_ptr<http::Sender> sender)
    : env_(env), auth_(std::move(auth)), sender_(std::move(sender)), asked_(env.make_event()) {}

http::Headers Session::headers(const Patience& patience) {
  if (auth_.type == ServiceAuth::Type::kNone) return {};
  if (auth_.type == ServiceAuth::Type::kHttpBasic)
    return {{"Authorization", "Basic " + base64(auth_.username + ":" + auth_.password)}};
  return {{"X-Auth-Token", token(patience)->text}};
}

bool Session::refused(const http::Headers& headers) {
  const auto text = http::find_header(headers, "X-Auth-Token");
  const std::lock_guard guard(mutex_);
  if (!auth_.asks_for_tokens() || !text) return false;
  if (token_ && token_->text == *text) token_ = nullptr;
  return true;
}

std::string Session::endpoint(const EndpointChoice& choice, const Patience& patience) {
  std::string url = choice.override_url;
  if (url.empty() && auth_.asks_keystone())
    url = find_endpoint(token(patience)->catalog, choice).value_or("");
  else if (url.empty() && auth_.asks_for_tokens())
    url = token(patience)->storage_url;
  if (url.empty())
    throw Error(0, "Keystone's catalogue has no endpoint of type " + choice.service_type +
                       (choice.region_name.empty() ? "" : " in region " + choice.region_name));
  while (url.ends_with('/'))
    url.pop_back();
  return url;
}

Session::TokenPtr Session::token(const Patience& patience) {
  bool waited = false;
  while (true) {
    const base::Env::TimePoint now = env_.now();
    TokenPtr kept;
    bool ours = false;
    {
      const std::lock_guard guard(mutex_);
      if (token_ && now < token_->renew)
        kept = token_;
      else if (!asking_)
        ours = asking_ = true;
    }
    if (kept && waited) asked_->set();  // for the next who waits
    if (kept) return kept;
    if (ours) return ask_and_keep(patience);
    if (!asked_->wait_until(patience.deadline, patience.stop))
      throw Error(0, auth_.auth_url + " has not given a token in time");
    waited = true;
  }
}

Session::TokenPtr Session::ask_and_keep(const Patience& patience) {
  TokenPtr got;
  std::exception_ptr failure;
  try {
    got = ask(patience);
  } catch (...) {
    failure = std::current_exception();
  }
  {
    const std::lock_guard guard(mutex_);
    asking_ = false;
    if (got) token_ = got;
  }
  asked_->set();
  if (failure) std::rethrow_exception(failure);
  return got;
}

base::Env::TimePoint Session::renewal(base::Env::Duration lives) {
  return env_.after(std::max(lives - std::min(kBeforeTheEnd, lives / 2), kShortest));
}

Session::TokenPtr Session::ask(const Patience& patience) {
  if (auth_.is_v2()) return ask_v2(patience);
  return auth_.asks_keystone() ? ask_keystone(patience) : ask_v1(patience);
}

http::Response Session::answer(const std::string& url, const http::Request& request,
                               const Patience& patience) {
  try {
    return sender_->send(url, request, patience.deadline, patience.stop);
  } catch (const http::Error& error) {
    throw Error(0, std::string("Keystone does not answer: ") + error.what());
  }
}

Session::TokenPtr Session::ask_v2(const Patience& patience) {
  std::string url = auth_.auth_url;
  while (url.ends_with('/'))
    url.pop_back();
  const http::Response response = answer(url, v2_request(auth_), patience);
  V2Grant grant = v2_grant(auth_, response, env_.wall_time());
  return std::make_shared<const Token>(
      Token{std::move(grant.token), renewal(grant.lives), std::move(grant.catalog), {}});
}

Session::TokenPtr Session::ask_v1(const Patience& patience) {
  http::Response response;
  try {
    response = sender_->send(auth_.auth_url, v1_request(auth_), patience.deadline, patience.stop);
  } catch (const http::Error& error) {
    throw Error(0, error.what());
  }
  V1Grant grant = v1_grant(auth_, response);
  return std::make_shared<const Token>(
      Token{std::move(grant.token), renewal(grant.lives), {}, std::move(grant.storage_url)});
}

Session::TokenPtr Session::ask_keystone(const Patience& patience) {
  const std::string url = v3_url(auth_.auth_url);
  const http::Request request{
      .method = "POST",
      .target = "/auth/tokens",
      .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
      .body = json::serialize(auth_request(auth_))};
  const http::Response response = answer(url, request, patience);
  const auto text = http::find_header(response.headers, "X-Subject-Token");
  if (response.status != kCreated || !text)
    throw Error(response.status, "Keystone at " + url + " gives no token: it answers " +
                                     std::to_string(response.status));
  try {
    const json::value body = json::parse(response.body);
    const json::object& token = body.at("token").as_object();
    return std::make_shared<const Token>(
        Token{std::string(*text), renewal(lifetime(token)), catalog_of(token), {}});
  } catch (const std::exception&) {
    throw Error(response.status, "Keystone at " + url + " answers what is no token");
  }
}

}  // namespace inspector::keystone
