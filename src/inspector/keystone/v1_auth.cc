#include "inspector/keystone/v1_auth.h"

#include "inspector/keystone/error.h"

#include <charconv>
#include <optional>

namespace inspector::keystone {
namespace {

constexpr int kMultiple = 300;
constexpr int kOk = 200;
constexpr std::int64_t kDay = 86400;

std::int64_t seconds_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && number > 0 && number < kDay ? number : kDay;
}

}  // namespace

http::Request v1_request(const ServiceAuth& auth) {
  return {.method = "GET",
          .headers = {{"X-Auth-User", auth.username}, {"X-Auth-Key", auth.password}}};
}

V1Grant v1_grant(const ServiceAuth& auth, const http::Response& response) {
  const auto url = http::find_header(response.headers, "X-Storage-Url");
  auto token = http::find_header(response.headers, "X-Storage-Token");
  if (!token) token = http::find_header(response.headers, "X-Auth-Token");
  if (response.status < kOk || response.status >= kMultiple || !url || !token)
    throw Error(response.status,
                auth.auth_url + " gives no token: it answers " + std::to_string(response.status));
  V1Grant grant{.token = std::string(*token), .storage_url = std::string(*url)};
  grant.lives = std::chrono::seconds(
      seconds_of(http::find_header(response.headers, "X-Auth-Token-Expires").value_or("")));
  while (grant.storage_url.ends_with('/'))
    grant.storage_url.pop_back();
  if (!auth.project_name.empty())
    grant.storage_url.replace(grant.storage_url.rfind('/') + 1, std::string::npos,
                              auth.project_name);
  return grant;
}

}  // namespace inspector::keystone
