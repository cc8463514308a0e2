#include "inspector/keystone/testing/fake_keystone.h"

#include "sql/time.h"

namespace inspector::testing {
namespace {

namespace json = boost::json;

http::Response answer(int status, const json::object& body = {}) {
  return {.status = status, .body = json::serialize(body)};
}

std::string time_text(std::chrono::seconds from_now) {
  return sql::to_text(base::system_env().wall_time() + from_now) + "Z";
}

}  // namespace

http::Response FakeKeystone::send(std::string_view base_url, const http::Request& request,
                                  base::Env::TimePoint, const std::stop_token&) {
  const std::lock_guard guard(mutex_);
  requests.push_back(request.method + " " + std::string(base_url) + " " + request.target);
  if (away) throw http::Error(http::Errc::kNotSent, "connection refused");
  if (request.method == "POST") {
    body = request.body;
    return give_token();
  }
  const auto ours = http::find_header(request.headers, "X-Auth-Token").value_or("");
  if (forgetful && ours == "token-1") return answer(401);
  const auto asked = http::find_header(request.headers, "X-Subject-Token").value_or("");
  const auto found = tokens.find(std::string(asked));
  if (found == tokens.end()) return answer(404);
  return answer(200, {{"token", found->second}});
}

http::Response FakeKeystone::give_token() {
  const json::array endpoints = {
      {{"interface", "public"}, {"region", "one"}, {"url", "http://public/"}},
      {{"interface", "internal"}, {"region", "one"}, {"url", "http://internal/"}},
      {{"interface", "internal"}, {"region", "two"}, {"url", "http://two"}}};
  json::object token{{"issued_at", time_text(std::chrono::seconds(0))},
                     {"expires_at", time_text(std::chrono::seconds(lifetime))}};
  token["catalog"] = json::array{
      json::object{{"type", "baremetal"}, {"name", "ironic"}, {"endpoints", endpoints}}};
  http::Response response = answer(201, {{"token", std::move(token)}});
  response.headers.emplace_back("X-Subject-Token", "token-" + std::to_string(++given_));
  return response;
}

json::object caller_token(std::string_view role) {
  json::object token{{"expires_at", time_text(std::chrono::seconds(3600))}};
  token["roles"] = json::array{json::object{{"name", role}, {"id", "r"}}};
  token["user"] = json::object{{"id", "u1"}, {"name", "u"}, {"domain", {{"id", "d1"}}}};
  token["project"] = json::object{{"id", "p1"}, {"domain", {{"id", "d1"}}}};
  return token;
}

}  // namespace inspector::testing
