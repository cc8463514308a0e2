#include "tooz/drivers/etcd/options.h"

#include "tooz/error.h"

#include <array>

namespace tooz::etcd {
namespace {

constexpr std::array<std::string_view, 7> kKnown{
    "timeout", "membership_timeout", "lock_timeout", "api_version",
    "ca_cert", "cert_cert",          "cert_key"};

[[noreturn]] void bad(const Url& url, const std::string& why) {
  throw Error(Errc::kBadUrl, url.scheme + "://: " + why);
}

net::TlsFiles files_of(const Url& url) {
  net::TlsFiles files{url.option("ca_cert").value_or(""), url.option("cert_cert").value_or(""),
                      url.option("cert_key").value_or("")};
  if (files.certificate.empty() != files.key.empty())
    bad(url, "options `cert_cert` and `cert_key` are given together or not at all");
  return files;
}

}  // namespace

Options options_from(const Url& url) {
  url.accept_options(kKnown);
  for (const std::string_view name : {"membership_timeout", "lock_timeout"})
    url.duration(name);
  if (!url.path.empty() && url.path != "/") bad(url, "path `" + url.path + "` has no meaning");
  if (url.user.empty() && !url.password.empty()) bad(url, "a password needs a user");
  Options options;
  options.hosts = url.hosts;
  if (options.hosts.empty()) options.hosts.push_back({"localhost", 0});
  options.user = url.user;
  options.password = url.password;
  options.timeout = url.duration("timeout").value_or(options.timeout);
  options.files = files_of(url);
  options.name = url.safe();
  const bool with_files = !options.files.ca.empty() || !options.files.certificate.empty();
  if (url.scheme == "etcd3+http" && with_files) bad(url, "certificates are for etcd3+https://");
  options.tls = url.scheme == "etcd3+https" || with_files;
  return options;
}

}  // namespace tooz::etcd
