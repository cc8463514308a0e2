#include "sql/connection.h"

#include "base/log.h"

#include <soci/soci.h>

#include <array>
#include <vector>

namespace sql {
namespace {

constexpr std::size_t kMaxPrepared = 200;

void refuse_nul(const Value& value, const std::string& name) {
  const auto* text = std::get_if<std::string>(&value);
  if (text != nullptr && text->find('\0') != std::string::npos)
    throw Error(Errc::kBadData, "parameter " + name + " has a NUL in it");
}

/// Keeps alive what SOCI refers to until the statement has run.
class Bindings {
 public:
  Bindings(soci::statement& statement, std::span<const Value> parameters) : statement_(statement) {
    cells_.reserve(parameters.size());
    statement_.bind_clean_up();
    for (const Value& value : parameters)
      bind(value, "p" + std::to_string(cells_.size() + 1));
    statement_.define_and_bind();
  }
  ~Bindings() { statement_.bind_clean_up(); }
  Bindings(const Bindings&) = delete;
  Bindings& operator=(const Bindings&) = delete;

 private:
  struct Cell {
    soci::indicator indicator = soci::i_ok;
    std::string none;
    long long number = 0;
    double real = 0;
  };

  void bind(const Value& value, const std::string& name) {
    refuse_nul(value, name);
    Cell& cell = cells_.emplace_back();
    if (const auto* text = std::get_if<std::string>(&value)) {
      statement_.exchange(soci::use(*text, cell.indicator, name));
    } else if (const auto* real = std::get_if<double>(&value)) {
      cell.real = *real;
      statement_.exchange(soci::use(cell.real, cell.indicator, name));
    } else if (std::holds_alternative<std::nullptr_t>(value)) {
      cell.indicator = soci::i_null;
      statement_.exchange(soci::use(cell.none, cell.indicator, name));
    } else {  // every database reads 0 and 1 as booleans
      const auto* flag = std::get_if<bool>(&value);
      cell.number = flag ? static_cast<long long>(*flag) : std::get<std::int64_t>(value);
      statement_.exchange(soci::use(cell.number, cell.indicator, name));
    }
  }

  soci::statement& statement_;
  std::vector<Cell> cells_;
};

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
    Prepared& prepared = prepare(statement);
    const Bindings bindings(prepared.statement, parameters);
    return engine_.run(*session_, prepared.statement);
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
      for (std::size_t i = 0; i < each.parameters.size(); ++i)
        refuse_nul(each.parameters[i], "p" + std::to_string(i + 1));
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
