#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "sql/bindings.h"
#include "sql/connect_string.h"
#include "sql/engine.h"
#include "sql/postgresql_answer.h"

#include <algorithm>
#include <array>

namespace sql {
namespace {

using soci::postgresql_session_backend;
using soci::postgresql_statement_backend;

/// libpq's parameters that may stand in the URL's query; the rest is ours or does not fit.
constexpr std::array<std::string_view, 21> kPassedOn = {"host",
                                                        "port",
                                                        "sslmode",
                                                        "sslcert",
                                                        "sslkey",
                                                        "sslrootcert",
                                                        "sslcrl",
                                                        "sslpassword",
                                                        "sslcompression",
                                                        "sslsni",
                                                        "connect_timeout",
                                                        "application_name",
                                                        "keepalives",
                                                        "krbsrvname",
                                                        "keepalives_idle",
                                                        "keepalives_interval",
                                                        "keepalives_count",
                                                        "gssencmode",
                                                        "channel_binding",
                                                        "target_session_attrs",
                                                        "tcp_user_timeout"};

std::int64_t milliseconds(base::Env::Duration d) {
  return std::max<std::int64_t>(1,
                                std::chrono::duration_cast<std::chrono::milliseconds>(d).count());
}

std::string connect_string(const Url& url, const DatabaseOptions& options) {
  // libpq takes whole seconds, at least two; a statement may be allowed hours, a connect is not.
  const auto seconds = std::clamp<std::int64_t>(milliseconds(options.timeout) / 1000, 2, 10);
  std::string text = connect_parameter("dbname", url.database) +
                     connect_parameter("client_encoding", "UTF8") +
                     connect_parameter("connect_timeout", std::to_string(seconds));
  if (!url.user.empty()) text += connect_parameter("user", url.user);
  if (!url.password.empty()) text += connect_parameter("password", url.password);
  if (!url.host.empty()) text += connect_parameter("host", url.host);
  if (!url.port.empty()) text += connect_parameter("port", url.port);
  for (const auto& [name, value] : url.options) {
    if (std::find(kPassedOn.begin(), kPassedOn.end(), name) == kPassedOn.end())
      throw Error(Errc::kBadUrl, "database URL: PostgreSQL takes no option '" + name + "' here");
    text += connect_parameter(name, value);
  }
  return text;
}

/// What every statement relies on: bounded, texts of times in one form. A statement is planned once
/// for each connection and not five times more to see whether its values matter: they choose rows
/// by a key or a short range of an index.
std::string settings(const DatabaseOptions& options) {
  const std::string statement = std::to_string(milliseconds(options.timeout));
  const std::string transaction = std::to_string(milliseconds(options.transaction));
  return "SET datestyle = 'ISO'; SET timezone = 'UTC'; SET standard_conforming_strings = on; "
         "SET client_min_messages = 'error'; "
         "SELECT set_config('plan_cache_mode', 'force_generic_plan', false) "
         "WHERE current_setting('server_version_num')::int >= 120000; "
         "SET statement_timeout = " +
         statement + "; SET idle_in_transaction_session_timeout = " + transaction;
}

PGconn* handle(soci::session& session) {
  return static_cast<postgresql_session_backend*>(session.get_backend())->conn_;
}

/// What SOCI puts before libpq's words.
std::string without_lead(std::string text) {
  constexpr std::string_view kLead = "Cannot establish connection to the database.\n";
  if (text.starts_with(kLead)) text.erase(0, kLead.size());
  return text;
}

class PostgresqlEngine : public Engine {
 public:
  PostgresqlEngine(const Url& url, const DatabaseOptions& options)
      : connect_string_(connect_string(url, options)), settings_(settings(options)) {}

  Dialect dialect() const noexcept override { return Dialect::kPostgresql; }
  std::size_t max_connections(std::size_t wanted) const noexcept override { return wanted; }
  std::size_t max_writers(std::size_t wanted) const noexcept override { return wanted; }

  bool groups_writers() const noexcept override { return false; }  // the server does

  std::unique_ptr<soci::session> connect() const override;
  std::string_view begin(Access access) const noexcept override {
    return access == Access::kWrite ? "BEGIN ISOLATION LEVEL READ COMMITTED"
                                    : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  }
  Answer run(soci::session& session, const Call& call) const override;
  Failure failure(soci::session& session, const soci::soci_error& error) const override;
  const Pipeline* pipeline() const noexcept override { return &pipeline_; }
  /// The statements that SOCI deallocates afterwards find no connection to wait for.
  void close(soci::session& session) const noexcept override {
    auto* native = static_cast<postgresql_session_backend*>(session.get_backend());
    PQfinish(native->conn_);
    native->conn_ = nullptr;
  }
  bool in_transaction(soci::session& session) const noexcept override {
    return PQtransactionStatus(handle(session)) != PQTRANS_IDLE;
  }
  bool broken(soci::session& session) const noexcept override {
    return PQstatus(handle(session)) != CONNECTION_OK;
  }
  int socket(soci::session& session) const noexcept override { return PQsocket(handle(session)); }

 private:
  std::string connect_string_;
  std::string settings_;
  PostgresqlPipeline pipeline_;
};

std::unique_ptr<soci::session> PostgresqlEngine::connect() const {
  try {
    auto session = std::make_unique<soci::session>(soci::postgresql, connect_string_);
    *session << settings_;
    return session;
  } catch (const soci::soci_error& e) {
    throw Error(
        Errc::kUnreachable,
        "cannot connect to " + postgresql_failure("", without_lead(e.get_error_message())).text);
  }
}

/// SOCI sends; the rows are taken from libpq's result.
Answer PostgresqlEngine::run(soci::session&, const Call& call) const {
  const Bindings bindings(call.statement, call.parameters);
  call.statement.execute(true);
  auto& result = static_cast<postgresql_statement_backend*>(call.statement.get_backend())->result_;
  Answer answer = read_answer(result);
  result.reset();
  return answer;
}

Failure PostgresqlEngine::failure(soci::session& session, const soci::soci_error& error) const {
  const auto* native = dynamic_cast<const soci::postgresql_soci_error*>(&error);
  Failure failure =
      postgresql_failure(native ? native->sqlstate() : "", without_lead(error.get_error_message()));
  if (broken(session)) failure.code = Errc::kUnreachable;
  return failure;
}

}  // namespace

std::unique_ptr<Engine> postgresql_engine(const Url& url, const DatabaseOptions& options) {
  return std::make_unique<PostgresqlEngine>(url, options);
}

}  // namespace sql
