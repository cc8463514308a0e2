#include "tooz/drivers/postgresql/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>

namespace tooz::postgresql {
namespace {

using sql_kv::Batch;
using sql_kv::Failure;
using sql_kv::Result;
using Kind = Failure::Kind;

constexpr Oid kBytea = 17;
// A commit that a crash can undo would turn the revisions back.
constexpr std::string_view kDurable =
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'";
// Whether it takes no writes (0, 1); its timeline, which changes with a promotion, and its data's
// own number.
constexpr std::string_view kWhoAreYou =
    "SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'"
    " THEN 1 ELSE 0 END, CASE WHEN pg_is_in_recovery() THEN ''"
    " ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END ||"
    " (SELECT '@' || system_identifier FROM pg_control_system())";

Kind kind_of(std::string_view code) {
  if (code == "40001" || code == "40P01" || code == "55P03") return Kind::kConflict;
  if (code == "42P01") return Kind::kNoSchema;   // undefined_table
  if (code == "42703") return Kind::kOldSchema;  // undefined_column
  if (code == "25006") return Kind::kStandby;    // read_only_sql_transaction
  for (const std::string_view refused : {"28", "3D", "42", "0L", "0P"})
    if (code.starts_with(refused)) return Kind::kDenied;
  return Kind::kLost;
}

// The SQLSTATE in a text of verbosity "verbose": `FATAL:  28P01: password …`, the first word in
// whatever language. While connecting, libpq tells it in no other way.
std::string code_in(std::string_view text) {
  for (auto at = text.find(":  "); at != std::string_view::npos; at = text.find(":  ", at + 1)) {
    const std::string_view code = text.substr(at + 3, 5);
    const bool plausible = std::ranges::all_of(
        code, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    if (plausible && code.size() == 5 && text.substr(at + 8, 2) == ": ") return std::string(code);
  }
  return "";
}

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, text.find('\n')));
}

int nibble(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// `\x…`, as bytea_output = hex writes it.
std::string from_hex(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 2; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(nibble(text[i]) * 16 + nibble(text[i + 1]));
  return bytes;
}

Result decoded(const PGresult* result) {
  Result decoded;
  if (const char* count = PQcmdTuples(const_cast<PGresult*>(result)); *count != '\0')
    decoded.affected = std::stoll(count);
  for (int row = 0; row < PQntuples(result); ++row) {
    auto& cells = decoded.rows.emplace_back();
    for (int column = 0; column < PQnfields(result); ++column) {
      if (PQgetisnull(result, row, column) != 0) {
        cells.emplace_back();
        continue;
      }
      const std::string_view text(PQgetvalue(result, row, column),
                                  static_cast<std::size_t>(PQgetlength(result, row, column)));
      cells.emplace_back(PQftype(result, column) == kBytea ? from_hex(text) : std::string(text));
    }
  }
  return decoded;
}

}  // namespace

void Connection::Close::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }
void Connection::Close::operator()(pg_result* result) const noexcept { PQclear(result); }

Connection::Connection(Env& env, const Options& options, const Url::Host& host,
                       Env::TimePoint deadline)
    : env_(env), peer_(host.name + ":" + std::to_string(host.port)) {
  start(options, host);
  log_in(deadline);
  set_up(options, deadline);
}

void Connection::start(const Options& options, const Url::Host& host) {
  std::map<std::string, std::string> parameters = options.parameters;
  parameters["host"] = host.name;
  parameters["port"] = std::to_string(host.port);
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : parameters) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  connection_.reset(PQconnectStartParams(names.data(), values.data(), 0));
  if (!connection_) throw std::bad_alloc();
  PQsetErrorVerbosity(connection_.get(), PQERRORS_VERBOSE);
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
}

void Connection::log_in(Env::TimePoint deadline) {
  auto* connection = connection_.get();
  auto status =
      PQstatus(connection) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
    wait(status == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline);
    status = PQconnectPoll(connection);
  }
  if (status != PGRES_POLLING_OK) {
    const std::string text = PQerrorMessage(connection);
    throw Failure(kind_of(code_in(text)), first_line(text));
  }
  PQsetnonblocking(connection, 1);
}

void Connection::set_up(const Options& options, Env::TimePoint deadline) {
  const auto limit = std::chrono::ceil<std::chrono::milliseconds>(options.settings.timeout).count();
  const Result found =
      run({{"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED",
            "SET bytea_output = 'hex'", "SET statement_timeout = " + std::to_string(limit),
            std::string(kDurable), std::string(kWhoAreYou)},
           4,
           true},
          deadline);
  const auto& row = found.rows.at(0);
  if (row.at(0) != "0") throw Failure(Kind::kStandby, peer_ + " takes no writes");
  history_ = row.at(1).value_or("");
}

Result Connection::run(const Batch& batch, Env::TimePoint deadline) {
  std::string query;
  for (const auto& statement : batch.statements)
    query.append(query.empty() ? "" : ";\n").append(statement);
  send(query, deadline);
  Result answer;
  std::string code;
  std::string text;
  for (std::size_t i = 0;; ++i) {
    const auto result = next_result(deadline);
    if (!result) break;
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
      const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
      const char* message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
      code = state != nullptr ? state : "";
      text = message != nullptr ? message : PQresultErrorMessage(result.get());
      if (text.empty()) text = "the connection was lost";
    } else if (i == batch.answer) {
      answer = decoded(result.get());
    }
  }
  if (!text.empty()) fail(text.c_str(), code.c_str());
  return answer;
}

void Connection::send(const std::string& query, Env::TimePoint deadline) {
  auto* connection = connection_.get();
  if (PQsendQuery(connection, query.c_str()) == 0) fail(PQerrorMessage(connection), "");
  for (;;) {
    const int left = PQflush(connection);
    if (left < 0) fail(PQerrorMessage(connection), "");
    if (left == 0) return;
    wait(POLLIN | POLLOUT, deadline);
    if (PQconsumeInput(connection) == 0) fail(PQerrorMessage(connection), "");
  }
}

std::unique_ptr<pg_result, Connection::Close> Connection::next_result(Env::TimePoint deadline) {
  auto* connection = connection_.get();
  while (PQisBusy(connection) != 0) {
    wait(POLLIN, deadline);
    if (PQconsumeInput(connection) == 0) fail(PQerrorMessage(connection), "");
  }
  return std::unique_ptr<pg_result, Close>(PQgetResult(connection));
}

void Connection::wait(short events, Env::TimePoint deadline) {
  if (sql_kv::wait_for_socket(env_, socket(), events, deadline) == 0)
    throw Failure(Kind::kLost, peer_ + ": no answer in time");
}

int Connection::socket() const noexcept { return PQsocket(connection_.get()); }

bool Connection::quiet() const noexcept {
  pollfd file{socket(), POLLIN, 0};
  return PQstatus(connection_.get()) == CONNECTION_OK && ::poll(&file, 1, 0) == 0;
}

std::vector<std::string> Connection::announcements() {
  auto* connection = connection_.get();
  if (PQconsumeInput(connection) == 0) fail(PQerrorMessage(connection), "");
  std::vector<std::string> texts;
  while (PGnotify* notify = PQnotifies(connection)) {
    texts.emplace_back(notify->extra);
    PQfreemem(notify);
  }
  return texts;
}

void Connection::fail(const char* text, const char* code) const {
  throw Failure(kind_of(code), peer_ + ": " + first_line(text));
}

}  // namespace tooz::postgresql
