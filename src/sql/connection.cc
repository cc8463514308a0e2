#include "sql/connection.h"

#include "base/log.h"

#include <soci/soci.h>

#include <array>
#include <vector>

namespace sql {
namespace {

constexpr std::size_t kMaxPrepared = 200;

void refuse_nul(std::span<const Value> parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto* text = std::get_if<std::string>(&parameters[i]);
    if (text != nullptr && text->find('\0') != std::string::npos)
      throw Error(Errc::kBadData, "parameter p" + std::to_string(i + 1) + " has a NUL in it");
  }
}

}  // namespace

bool is_kept(std::string_view statement) {
  constexpr std::array<std::string_view, 9> kKept = {"SELECT ", "INSERT ",    "UPDATE ",
                                                     "DELETE ", "WITH ",      "BEGIN",
                                                     "COMMIT",  "SAVEPOINT ", "RELEASE "};
  for (const auto word : kKept)
    if (statement.starts_with(word)) return true;
  return false;
}

struct Connection::Prepared {
  Prepared(soci::session& session, const std::string& text, bool keep) : statement(session) {
    statement.alloc();
    statement.prepare(text,
                      keep ? soci::details::st_repeatable_query : soci::details::st_one_time_query);
  }
  soci::statement statement;
};

Connection::Connection(const Engine& engine) : engine_(engine), session_(engine.connect()) {}

Connection::~Connection() { engine_.close(*session_); }

Answer Connection::run(std::string_view statement, std::span<const Value> parameters) {
  base::log_debug("sql.engine", statement);
  try {
    refuse_nul(parameters);
    return engine_.run(*session_, {prepare(statement).statement, parameters});
  } catch (const soci::soci_error& e) {
    translate(e);
  }
}

Answers Connection::run_together(std::span<const Queued> calls) {
  try {
    make_room(calls.size());
    std::vector<Call> prepared;
    prepared.reserve(calls.size());
    for (const Queued& each : calls) {
      base::log_debug("sql.engine", each.statement);
      refuse_nul(each.parameters);
      prepared.push_back({prepare(each.statement).statement, each.parameters});
    }
    return engine_.pipeline()->run(*session_, prepared);
  } catch (const soci::soci_error& e) {
    translate(e);
  }
}

/// So that none is dropped while others of the same call are prepared.
void Connection::make_room(std::size_t statements) {
  if (prepared_.size() + statements > kMaxPrepared) prepared_.clear();
}

Connection::Prepared& Connection::prepare(std::string_view statement) {
  const auto found = prepared_.find(statement);
  if (found != prepared_.end()) return *found->second;
  const std::string text(statement);
  if (!is_kept(text)) {
    once_.reset();
    once_ = std::make_unique<Prepared>(*session_, text, false);
    return *once_;
  }
  make_room(1);
  auto made = std::make_unique<Prepared>(*session_, text, true);
  return *prepared_.emplace(text, std::move(made)).first->second;
}

void Connection::translate(const soci::soci_error& error) {
  const Failure why = engine_.failure(*session_, error);
  throw Error(why.code, why.text);
}

void Connection::rollback() noexcept {
  if (broken() || !engine_.in_transaction(*session_)) return;
  try {
    run("ROLLBACK", {});
  } catch (const std::exception&) {
    // Still inside a transaction: whoever gives the connection back sees that and drops it.
  }
}

bool Connection::broken() const noexcept { return engine_.broken(*session_); }
bool Connection::usable() const noexcept { return !broken() && !engine_.in_transaction(*session_); }
int Connection::socket() const noexcept { return engine_.socket(*session_); }

}  // namespace sql
