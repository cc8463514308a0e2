#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

#include "sql/bindings.h"
#include "sql/connect_string.h"
#include "sql/engine.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace sql {
namespace {

using soci::mysql_session_backend;
using soci::mysql_statement_backend;

/// PyMySQL's and mysqlclient's names in a URL's query, and SOCI's for the same.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kPassedOn = {
    {{"ssl_ca", "sslca"},
     {"ssl_cert", "sslcert"},
     {"ssl_key", "sslkey"},
     {"unix_socket", "unix_socket"},
     {"connect_timeout", "connect_timeout"},
     {"read_timeout", "read_timeout"},
     {"write_timeout", "write_timeout"}}};

/// What Python's drivers need to be told and this one does not.
constexpr std::array<std::string_view, 3> kWithoutMeaning = {"charset", "use_unicode",
                                                             "binary_prefix"};

bool among(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string option(std::string_view name, std::string_view value) {
  const auto* const known = std::find_if(kPassedOn.begin(), kPassedOn.end(),
                                         [&](const auto& pair) { return pair.first == name; });
  if (known != kPassedOn.end()) return connect_parameter(known->second, value);
  if (among(name, kWithoutMeaning)) return {};
  throw Error(Errc::kBadUrl,
              "database URL: MySQL takes no option '" + std::string(name) + "' here");
}

bool has_option(const Url& url, std::string_view name) {
  return std::any_of(url.options.begin(), url.options.end(),
                     [&](const auto& pair) { return pair.first == name; });
}

std::string seconds(base::Env::Duration d, std::int64_t least, std::int64_t most) {
  const auto whole = std::chrono::ceil<std::chrono::seconds>(d).count();
  return std::to_string(std::clamp<std::int64_t>(whole, least, most));
}

std::string connect_string(const Url& url, const DatabaseOptions& options) {
  std::string text =
      connect_parameter("dbname", url.database) + connect_parameter("charset", "utf8mb4");
  if (!url.user.empty()) text += connect_parameter("user", url.user);
  if (!url.password.empty()) text += connect_parameter("password", url.password);
  // The client library takes `localhost` for the socket file of its package, which PyMySQL does
  // not.
  const bool file = has_option(url, "unix_socket");
  if (!file) text += connect_parameter("host", url.host == "localhost" ? "127.0.0.1" : url.host);
  if (!url.port.empty()) text += connect_parameter("port", url.port);
  for (const auto& [name, value] : url.options)
    text += option(name, value);
  // The server ends a statement by itself; these are for one that has gone.
  const auto silence = options.timeout + std::chrono::seconds(5);
  const auto unless_given = [&](std::string_view name, const std::string& value) {
    if (!has_option(url, name)) text += connect_parameter(name, value);
  };
  unless_given("connect_timeout", seconds(options.timeout, 1, 10));
  unless_given("read_timeout", seconds(silence, 1, 86400));
  unless_given("write_timeout", seconds(silence, 1, 86400));
  return text;
}

MYSQL* handle(soci::session& session) {
  return static_cast<mysql_session_backend*>(session.get_backend())->conn_;
}

bool is_mariadb(soci::session& session) {
  return std::string_view(mysql_get_server_info(handle(session))).find("MariaDB") !=
         std::string_view::npos;
}

/// What every statement relies on: refused rather than bent values, bounded waits, a snapshot per
/// transaction.
std::string settings(const DatabaseOptions& options, bool mariadb) {
  const double seconds = std::chrono::duration<double>(options.timeout).count();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(options.timeout).count();
  const std::string mode = options.mysql_mode.empty() ? "" : "," + options.mysql_mode;
  const std::string galera = options.wsrep_sync_wait ? ", SESSION wsrep_sync_wait = " +
                                                           std::to_string(*options.wsrep_sync_wait)
                                                     : "";
  return "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION" + mode +
         "', "
         "SESSION time_zone = '+00:00', SESSION innodb_lock_wait_timeout = " +
         sql::seconds(options.timeout, 1, 3600) +
         (mariadb ? ", SESSION max_statement_time = " + std::to_string(seconds)
                  : ", SESSION max_execution_time = " + std::to_string(milliseconds)) +
         galera;
}

Errc code_of(unsigned number) {
  constexpr std::array<unsigned, 2> kTwice = {1062, 1586};
  constexpr std::array<unsigned, 3> kConflicts = {1020, 1205, 1213};
  constexpr std::array<unsigned, 9> kBadValues = {1264, 1265, 1292, 1300, 1366,
                                                  1406, 1411, 3140, 3988};
  constexpr std::array<unsigned, 13> kAway = {1040, 1053, 1129, 1152, 1158, 1159, 1160,
                                              1161, 1290, 1317, 1836, 1927, 1969};
  const auto in = [number](const auto& list) {
    return std::find(list.begin(), list.end(), number) != list.end();
  };
  if (in(kTwice)) return Errc::kDuplicate;
  if (in(kConflicts)) return Errc::kConflict;
  if (in(kBadValues)) return Errc::kBadData;
  constexpr unsigned kFirstOfClient = 2000;
  if (in(kAway) || (number >= kFirstOfClient && number < 3000) || number == 3024)
    return Errc::kUnreachable;
  return Errc::kOther;
}

/// Errors of the connection itself, after which nothing more can be done with it.
bool breaks(unsigned number) {
  constexpr std::array<unsigned, 10> kEnds = {1053, 1152, 1158, 1159, 1160,
                                              1161, 1927, 2006, 2013, 2055};
  return std::find(kEnds.begin(), kEnds.end(), number) != kEnds.end();
}

class MysqlEngine : public Engine {
 public:
  MysqlEngine(const Url& url, const DatabaseOptions& options)
      : options_(options), connect_string_(connect_string(url, options)) {}

  Dialect dialect() const noexcept override { return Dialect::kMysql; }
  std::size_t max_connections(std::size_t wanted) const noexcept override { return wanted; }
  std::size_t max_writers(std::size_t wanted) const noexcept override { return wanted; }
  bool groups_writers() const noexcept override { return false; }  // the server does

  std::unique_ptr<soci::session> connect() const override;
  std::string_view begin(Access access) const noexcept override {
    return access == Access::kWrite ? "BEGIN" : "START TRANSACTION READ ONLY";
  }
  Answer run(soci::session& session, const Call& call) const override;
  Failure failure(soci::session& session, const soci::soci_error& error) const override;
  /// A farewell that would wait for a silent server finds its socket shut.
  void close(soci::session& session) const noexcept override {
    ::shutdown(socket(session), SHUT_RDWR);
  }
  bool in_transaction(soci::session& session) const noexcept override {
    return (handle(session)->server_status & SERVER_STATUS_IN_TRANS) != 0;
  }
  bool broken(soci::session& session) const noexcept override {
    MYSQL* native = handle(session);
    return native->net.pvio == nullptr || breaks(mysql_errno(native));
  }
  int socket(soci::session& session) const noexcept override {
    return static_cast<int>(mysql_get_socket(handle(session)));
  }

 private:
  DatabaseOptions options_;
  std::string connect_string_;
};

std::unique_ptr<soci::session> MysqlEngine::connect() const {
  try {
    auto session = std::make_unique<soci::session>(soci::mysql, connect_string_);
    *session << settings(options_, is_mariadb(*session));
    return session;
  } catch (const soci::soci_error& e) {
    throw Error(Errc::kUnreachable, "cannot connect to MySQL: " + std::string(e.what()));
  }
}

/// The rows are taken from the client library's result, as the text that the server sent.
Answer MysqlEngine::run(soci::session& session, const Call& call) const {
  const Bindings bindings(call.statement, call.parameters);
  call.statement.execute(true);
  auto* native = static_cast<mysql_statement_backend*>(call.statement.get_backend());
  MYSQL_RES* result = native->result_;
  Answer answer;
  if (result == nullptr) {
    answer.changed = static_cast<std::int64_t>(mysql_affected_rows(handle(session)));
    return answer;
  }
  const unsigned width = mysql_num_fields(result);
  auto names = std::make_shared<std::vector<std::string>>();
  for (unsigned i = 0; i < width; ++i)
    names->emplace_back(mysql_fetch_field_direct(result, i)->name);
  mysql_data_seek(result, 0);
  while (MYSQL_ROW row = mysql_fetch_row(result)) {
    const unsigned long* lengths = mysql_fetch_lengths(result);
    std::vector<std::optional<std::string>> columns(width);
    for (unsigned i = 0; i < width; ++i)
      if (row[i] != nullptr) columns[i].emplace(row[i], lengths[i]);
    answer.rows.emplace_back(names, std::move(columns));
  }
  native->clean_up();  // large documents are not kept until the statement runs again
  return answer;
}

Failure MysqlEngine::failure(soci::session& session, const soci::soci_error& error) const {
  const auto* native = dynamic_cast<const soci::mysql_soci_error*>(&error);
  Errc code = native ? code_of(native->err_num_) : Errc::kOther;
  if (broken(session)) code = Errc::kUnreachable;
  return {code, "MySQL: " + error.get_error_message()};
}

}  // namespace

std::unique_ptr<Engine> mysql_engine(const Url& url, const DatabaseOptions& options) {
  return std::make_unique<MysqlEngine>(url, options);
}

}  // namespace sql
