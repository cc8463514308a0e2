#include "tooz/drivers/mysql/options.h"

#include <algorithm>
#include <array>

namespace tooz::mysql {
namespace {

constexpr std::uint16_t kDefaultPort = 3306;
constexpr std::array<std::string_view, 11> kKnown{
    "timeout",         "membership_timeout", "lock_timeout", "ssl_ca",
    "ssl_capath",      "ssl_cert",           "ssl_key",      "ssl_cipher",
    "ssl_verify_mode", "ssl_check_hostname", "unix_socket"};

[[noreturn]] void bad(const std::string& why) { throw Error(Errc::kBadUrl, "mysql://: " + why); }

std::string lower(std::string text) {
  for (char& c : text)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

bool one_of(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, std::string_view(text)) != words.end();
}

// PyMySQL's words; of a server that shows a certificate always, "optional" is the same as required.
std::optional<bool> verify_mode(const Url& url) {
  const auto given = url.option("ssl_verify_mode");
  if (!given) return std::nullopt;
  const std::string word = lower(*given);
  if (one_of(word, {"none", "0", "false", "no"})) return false;
  if (one_of(word, {"required", "optional", "1", "true", "yes"})) return true;
  bad("option `ssl_verify_mode` = `" + *given + "` is none of required, optional, none");
}

// The client library checks both the certificate and the name in it, or nothing.
void check_host_name_option(const Url& url, bool verify) {
  const auto given = url.option("ssl_check_hostname");
  if (!given) return;
  const bool wanted = one_of(lower(*given), {"1", "t", "true", "on", "y", "yes"});
  if (wanted == verify) return;
  bad(std::string("option `ssl_check_hostname` = `") + *given + "` needs `ssl_verify_mode` = `" +
      (wanted ? "required" : "none") + "`: both are checked or none");
}

Options::Tls tls_of(const Url& url) {
  const auto value = [&](std::string_view name) { return url.option(name).value_or(""); };
  Options::Tls tls;
  tls.ca = value("ssl_ca");
  tls.ca_path = value("ssl_capath");
  tls.certificate = value("ssl_cert");
  tls.key = value("ssl_key");
  tls.cipher = value("ssl_cipher");
  if (tls.certificate.empty() != tls.key.empty())
    bad("options `ssl_cert` and `ssl_key` are given together or not at all");
  const bool authorities = !tls.ca.empty() || !tls.ca_path.empty();
  const auto verify = verify_mode(url);
  tls.verify = verify.value_or(authorities);
  tls.wanted = authorities || !tls.certificate.empty() || !tls.cipher.empty() || verify.has_value();
  check_host_name_option(url, tls.verify);
  return tls;
}

}  // namespace

Options options_from(const Url& url) {
  url.accept_options(kKnown);
  for (const std::string_view name : {"membership_timeout", "lock_timeout"})
    url.duration(name);
  if (url.user.empty() && !url.password.empty()) bad("a password needs a user");
  Options options;
  options.database = url.path.empty() ? "" : url.path.substr(1);
  if (options.database.empty()) bad("a database follows the host, mysql://user@host/database");
  options.user = url.user;
  options.password = url.password;
  options.unix_socket = url.option("unix_socket").value_or("");
  options.tls = tls_of(url);
  options.settings.hosts = url.hosts;
  if (options.settings.hosts.empty()) options.settings.hosts.push_back({"localhost", 0});
  for (auto& host : options.settings.hosts)
    if (host.port == 0) host.port = kDefaultPort;
  options.settings.timeout = url.duration("timeout").value_or(options.settings.timeout);
  options.settings.name = url.safe();
  return options;
}

}  // namespace tooz::mysql
