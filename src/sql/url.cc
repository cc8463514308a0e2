#include "sql/url.h"

#include <algorithm>
#include <charconv>

namespace sql {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(Errc::kBadUrl, "database URL: " + why);
}

std::string unescape(std::string_view text, std::string_view part) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    unsigned code = 0;
    const char* digits = text.data() + i + 1;
    const bool two = i + 2 < text.size();
    if (!two || std::from_chars(digits, digits + 2, code, 16).ptr != digits + 2 || code == 0)
      refuse("the " + std::string(part) + " has a bad percent escape");
    plain += static_cast<char>(code);
    i += 2;
  }
  return plain;
}

/// `postgresql+psycopg2` → PostgreSQL: which Python driver was meant does not matter.
Dialect dialect_of(std::string_view scheme) {
  const std::string_view name = scheme.substr(0, scheme.find('+'));
  if (name == "sqlite") return Dialect::kSqlite;
  if (name == "postgresql" || name == "postgres") return Dialect::kPostgresql;
  if (name == "mysql" || name == "mariadb") return Dialect::kMysql;
  refuse("'" + std::string(name) +
         "' is not a database this build can use: sqlite, postgresql or mysql");
}

void take_options(std::string_view query, Url& url) {
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    if (item.empty()) continue;
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos || equals == 0)
      refuse("an option is not of the form name=value");
    url.options.emplace_back(unescape(item.substr(0, equals), "name of an option"),
                             unescape(item.substr(equals + 1), "value of an option"));
  }
}

/// As SQLAlchemy: the password goes up to the first @, so it may hold slashes and colons.
std::string_view take_credentials(std::string_view rest, Url& url) {
  const std::size_t end = rest.find_first_of(":/@");
  if (end == std::string_view::npos || rest[end] == '/') return rest;
  const std::size_t at = rest.find('@', end);
  if (at == std::string_view::npos) return rest;
  url.user = unescape(rest.substr(0, end), "user");
  if (rest[end] == ':') url.password = unescape(rest.substr(end + 1, at - end - 1), "password");
  return rest.substr(at + 1);
}

void take_address(std::string_view address, Url& url) {
  if (address.starts_with('[')) {
    const std::size_t end = address.find(']');
    if (end == std::string_view::npos) refuse("the host has no closing bracket");
    url.host = address.substr(1, end - 1);
    address.remove_prefix(end + 1);
    if (!address.empty() && address.front() != ':')
      refuse("the host is followed by neither : nor /");
  } else {
    url.host = address.substr(0, address.find(':'));
    address.remove_prefix(url.host.size());
  }
  if (address.empty()) return;
  url.port = address.substr(1);
  int port = 0;
  const char* end = url.port.data() + url.port.size();
  const auto [stopped, error] = std::from_chars(url.port.data(), end, port);
  if (error != std::errc() || stopped != end || port < 1 || port > 65535)
    refuse("the port is not a number from 1 to 65535");
}

/// sqlite:///relative, sqlite:////absolute, sqlite:// (memory).
void take_file(std::string_view rest, Url& url) {
  if (rest.empty()) return;
  if (rest.front() != '/')
    refuse("sqlite knows no host; a file is sqlite:///relative or sqlite:////absolute");
  url.database = rest.substr(1);
  if (url.database == ":memory:") url.database.clear();
}

}  // namespace

std::string Url::safe() const {
  if (dialect == Dialect::kSqlite) return in_memory() ? "sqlite://" : "sqlite:///" + database;
  const bool v6 = host.find(':') != std::string::npos;
  return (dialect == Dialect::kMysql ? "mysql://" : "postgresql://") +
         (user.empty() ? "" : user + "@") + (v6 ? "[" + host + "]" : host) +
         (port.empty() ? "" : ":" + port) + "/" + database;
}

Url parse_url(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) refuse("it has a NUL in it");
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) refuse("it has no scheme, as in sqlite:///file");
  Url url;
  url.dialect = dialect_of(text.substr(0, scheme));
  std::string_view rest = text.substr(scheme + 3);
  if (url.dialect != Dialect::kSqlite) rest = take_credentials(rest, url);
  if (const std::size_t question = rest.find('?'); question != std::string_view::npos) {
    take_options(rest.substr(question + 1), url);
    rest = rest.substr(0, question);
  }
  if (url.dialect == Dialect::kSqlite) {
    take_file(rest, url);
    return url;
  }
  take_address(rest.substr(0, rest.find('/')), url);
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos)
    url.database = rest.substr(slash + 1);
  if (url.database.empty()) refuse("it names no database");
  return url;
}

}  // namespace sql
