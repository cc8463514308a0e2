#include "tooz/url.h"

#include <algorithm>
#include <charconv>

#include "base/duration.h"
#include "tooz/error.h"

namespace tooz {
namespace {

[[noreturn]] void bad(const std::string& why) { throw Error(Errc::kBadUrl, why); }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// `part` names the place in the text of an error; the text itself may be a secret.
std::string decode(std::string_view s, std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '%') {
      out += s[i];
      continue;
    }
    const int high = i + 2 < s.size() ? hex_digit(s[i + 1]) : -1;
    const int low = i + 2 < s.size() ? hex_digit(s[i + 2]) : -1;
    if (high < 0 || low < 0) bad("broken percent escape in the " + std::string(part));
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (out.find('\0') != std::string::npos) bad("NUL in the " + std::string(part));
  return out;
}

std::uint16_t parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || ec != std::errc{} || end != text.data() + text.size() || port == 0 ||
      port > 65535)
    bad("port `" + std::string(text) + "` is not a number from 1 to 65535");
  return static_cast<std::uint16_t>(port);
}

Url::Host parse_host(std::string_view text) {
  Url::Host host;
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) bad("host `" + std::string(text) + "` has no closing ]");
    host.name = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') bad("unexpected text after the host's ]");
  } else {
    const auto colon = text.find(':');
    host.name = decode(text.substr(0, colon), "host");
    rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
  }
  if (host.name.empty()) bad("a host is empty");
  if (!rest.empty()) host.port = parse_port(rest.substr(1));
  return host;
}

void parse_authority(std::string_view text, Url& url) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = text.substr(0, at);
    const auto colon = login.find(':');
    url.user = decode(login.substr(0, colon), "user");
    if (colon != std::string_view::npos) url.password = decode(login.substr(colon + 1), "password");
    text.remove_prefix(at + 1);
  }
  while (!text.empty()) {
    const auto comma = text.find(',');
    url.hosts.push_back(parse_host(text.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) bad("a host is empty");
  }
}

void parse_options(std::string_view text, Url& url) {
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto equals = one.find('=');
    if (one.empty() || equals == one.size() - 1) continue;  // Python drops blank values
    if (equals == std::string_view::npos || equals == 0)
      bad("option `" + std::string(one.substr(0, equals)) + "` is not name=value");
    std::string name = decode(one.substr(0, equals), "name of an option");
    std::string value = decode(one.substr(equals + 1), "value of an option");
    url.repeated.emplace_back(name, value);
    url.options[std::move(name)] = std::move(value);
  }
}

}  // namespace

Url parse_url(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  const auto scheme_char = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
  };
  if (colon == std::string_view::npos || colon == 0 ||
      !std::ranges::all_of(text.substr(0, colon), scheme_char))
    bad("a backend URL begins with scheme://, for example etcd3://localhost:2379");
  url.scheme = text.substr(0, colon);
  text.remove_prefix(colon + 3);
  if (text.find('#') != std::string_view::npos) bad(url.scheme + "://: a # must be written %23");
  const auto question = text.find('?');
  if (question != std::string_view::npos) parse_options(text.substr(question + 1), url);
  text = text.substr(0, question);
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) url.path = decode(text.substr(slash), "path");
  parse_authority(text.substr(0, slash), url);
  return url;
}

std::string Url::safe() const {
  std::string out = scheme + "://";
  if (!user.empty()) out += user + (password.empty() ? "@" : ":***@");
  for (const auto& host : hosts) {
    if (&host != &hosts.front()) out += ',';
    out += host.name.find(':') == std::string::npos ? host.name : "[" + host.name + "]";
    if (host.port != 0) out += ":" + std::to_string(host.port);
  }
  return out + path;
}

void Url::accept_options(std::span<const std::string_view> known) const {
  for (const auto& [name, value] : options)
    if (std::ranges::find(known, name) == known.end())
      bad(scheme + "://: unknown option `" + name + "`");
}

std::optional<std::string> Url::option(std::string_view name) const {
  const auto it = options.find(name);
  return it == options.end() ? std::nullopt : std::optional(it->second);
}

std::vector<std::string> Url::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [given, value] : repeated)
    if (given == name) values.push_back(value);
  return values;
}

std::optional<base::Env::Duration> Url::duration(std::string_view name) const {
  const auto text = option(name);
  if (!text) return std::nullopt;
  const auto duration = base::parse_duration(*text);
  if (!duration || duration->count() == 0)
    bad(scheme + "://: option `" + std::string(name) + "` = `" + *text +
        "` is not a positive time (5, 0.5, 500ms, 5s, 2m)");
  return duration;
}

}  // namespace tooz
