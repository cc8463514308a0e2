#include "http/destination.h"

#include "http/client.h"

#include <curl/curl.h>

namespace http {
namespace {

constexpr std::string_view kUnixScheme = "http+unix://";

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, void (*)(void*)> owned(text, curl_free);
  return text;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Empty when it is not well-formed, or holds a NUL.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return {};
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return {};
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return {};
    decoded += c;
  }
  return decoded;
}

[[noreturn]] void refuse(std::string_view method, const std::string& shown,
                         const std::string& why) {
  throw Error(Errc::kBadUrl, std::string(method) + ' ' + shown + ": " + why);
}

/// What may be shown of a URL that could not be taken apart: it may hold a password anywhere.
std::string scheme_of(std::string_view url) {
  const auto end = url.find("://");
  return end == std::string_view::npos || end > 16 ? "(URL)"
                                                   : std::string(url.substr(0, end + 3)) + "...";
}

}  // namespace

void FreeUrl::operator()(Curl_URL* url) const noexcept { curl_url_cleanup(url); }

Destination make_destination(std::string_view method, std::string_view base_url,
                             std::string_view target) {
  Destination to;
  std::string text(base_url);
  if (base_url.starts_with(kUnixScheme)) {
    const auto rest = base_url.substr(kUnixScheme.size());
    const auto end = std::min(rest.find('/'), rest.size());
    to.unix_socket = percent_decoded(rest.substr(0, end));
    if (to.unix_socket.empty())
      refuse(method, scheme_of(base_url), "no percent-encoded path of a socket");
    text = "http://localhost" + std::string(rest.substr(end));
  }
  if (text.find_first_of("?#") != std::string::npos)
    refuse(method, scheme_of(base_url), "the base URL has a query or a fragment");
  if (!target.empty() && target[0] != '/' && target[0] != '?')
    refuse(method, scheme_of(base_url), "the target does not begin with '/'");
  if (target.starts_with('/') && text.ends_with('/')) text.pop_back();
  text += target;
  if (text.find('\0') != std::string::npos)
    refuse(method, scheme_of(base_url), "the URL holds a NUL");

  to.url.reset(curl_url());
  if (!to.url) throw std::bad_alloc();
  const CURLUcode code = curl_url_set(to.url.get(), CURLUPART_URL, text.c_str(), CURLU_PATH_AS_IS);
  if (code != CURLUE_OK) refuse(method, scheme_of(base_url), curl_url_strerror(code));
  const std::string scheme = part(to.url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https")
    refuse(method, scheme_of(base_url), "the scheme is neither http nor https");

  const std::string port = part(to.url.get(), CURLUPART_PORT);
  to.origin = to.unix_socket.empty() ? scheme + "://" + part(to.url.get(), CURLUPART_HOST) +
                                           (port.empty() ? "" : ':' + port)
                                     : std::string(kUnixScheme) + to.unix_socket;
  to.shown = to.origin + part(to.url.get(), CURLUPART_PATH);
  return to;
}

}  // namespace http
