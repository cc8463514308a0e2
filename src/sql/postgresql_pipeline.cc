#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include "sql/postgresql_answer.h"

#include <array>
#include <charconv>

namespace sql {
namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr std::string_view kDivisionByZero = "22012";

std::string text_of(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "1" : "0";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), std::get<double>(value)).ptr;
  return {digits.begin(), end};
}

/// As the server counts them: SOCI gives each occurrence of `:p1` a place of its own.
class Parameters {
 public:
  Parameters(const std::vector<std::string>& names, std::span<const Value> values) {
    texts_.reserve(names.size());
    for (const std::string& name : names) {
      std::size_t number = 0;
      std::from_chars(name.data() + 1, name.data() + name.size(), number);
      if (number == 0 || number > values.size())
        throw Error(Errc::kOther, "the statement has no value for its parameter " + name);
      const Value& value = values[number - 1];
      const bool null = std::holds_alternative<std::nullptr_t>(value);
      // A text is as long lived as the call: a megabyte of it is not copied.
      const auto* text = std::get_if<std::string>(&value);
      if (null)
        pointers_.push_back(nullptr);
      else if (text != nullptr)
        pointers_.push_back(text->c_str());
      else
        pointers_.push_back(texts_.emplace_back(text_of(value)).c_str());
    }
  }
  int count() const noexcept { return static_cast<int>(pointers_.size()); }
  const char* const* data() const noexcept { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<const char*> pointers_;
};

void send(PGconn* connection, const Call& call) {
  const auto* native =
      static_cast<const soci::postgresql_statement_backend*>(call.statement.get_backend());
  const Parameters parameters(native->names_, call.parameters);
  if (PQsendQueryPrepared(connection, native->statementName_.c_str(), parameters.count(),
                          parameters.data(), nullptr, nullptr, 0) != 1)
    throw Error(Errc::kUnreachable, postgresql_failure("08006", PQerrorMessage(connection)).text);
}

/// Of one statement: its result, and the null that follows it.
Result next_result(PGconn* connection) {
  Result result(PQgetResult(connection), &PQclear);
  if (result) Result(PQgetResult(connection), &PQclear).reset();
  return result;
}

bool succeeded(const Result& result) {
  const ExecStatusType status = PQresultStatus(result.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

Failure failure_of(PGconn* connection, const Result& result) {
  if (!result || PQstatus(connection) != CONNECTION_OK)
    return postgresql_failure("08006", PQerrorMessage(connection));
  const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
  return postgresql_failure(state != nullptr ? state : "08006", PQresultErrorMessage(result.get()));
}

}  // namespace

Answers PostgresqlPipeline::run(soci::session& session, std::span<const Call> calls) const {
  PGconn* connection = static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
  if (PQenterPipelineMode(connection) != 1)
    throw Error(Errc::kUnreachable, "PostgreSQL: the connection is not idle");
  for (const Call& call : calls)
    send(connection, call);
  PQpipelineSync(connection);
  Answers answers;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    const Result result = next_result(connection);
    if (answers.failure) continue;  // skipped by the server
    if (result && succeeded(result))
      answers.each.push_back(read_answer(result.get()));
    else
      answers.failure = failure_of(connection, result);
  }
  const Result end(PQgetResult(connection), &PQclear);  // of the sync
  if (PQexitPipelineMode(connection) != 1 && !answers.failure)
    answers.failure = postgresql_failure("08006", PQerrorMessage(connection));
  return answers;
}

std::string PostgresqlPipeline::failing_if_none(std::string_view statement) const {
  return "WITH changed AS (" + std::string(statement) +
         " RETURNING 1) SELECT 1 / COUNT(*) FROM changed";
}

bool PostgresqlPipeline::changed_none(const Failure& failure) const noexcept {
  return failure.native_code == kDivisionByZero;
}

}  // namespace sql
