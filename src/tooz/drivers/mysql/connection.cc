#include "tooz/drivers/mysql/connection.h"

#include <mysql.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <ctime>
#include <mutex>

namespace tooz::mysql {
namespace {

using sql_kv::Batch;
using sql_kv::Failure;
using sql_kv::Result;
using Kind = Failure::Kind;

/// The library writes to a TLS socket without asking for no SIGPIPE: blocked here, and taken away
/// when one has come.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~NoSigpipe() {
    const timespec at_once{0, 0};
    if (!was_pending_) sigtimedwait(&sigpipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// The library ignores SIGPIPE for the whole process when it begins; whoever uses us decides that.
void begin_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction before {};
    sigaction(SIGPIPE, nullptr, &before);
    mysql_server_init(0, nullptr, nullptr);
    sigaction(SIGPIPE, &before, nullptr);
  });
}

constexpr unsigned kNoSuchTable = 1146;
constexpr unsigned kNoSuchColumn = 1054;

Kind kind_of(unsigned code) {
  // lock wait, deadlock, checkread; another one has added the column, another one changes the table
  constexpr std::array kConflicts{1205U, 1213U, 1020U, 1060U, 1412U};
  constexpr std::array kReadOnly{1290U, 1792U, 1836U, 4196U};
  constexpr std::array kDenied{1044U, 1045U, 1049U, 1064U, 1130U, 1131U, 1132U,
                               1133U, 1142U, 1143U, 1227U, 1251U, 1410U, 1524U,
                               1698U, 1820U, 1862U, 3118U, 3159U, 4151U};
  const auto in = [code](const auto& codes) {
    return std::ranges::find(codes, code) != codes.end();
  };
  if (code == kNoSuchTable) return Kind::kNoSchema;
  if (code == kNoSuchColumn) return Kind::kOldSchema;
  if (in(kConflicts)) return Kind::kConflict;
  if (in(kReadOnly)) return Kind::kStandby;
  return in(kDenied) ? Kind::kDenied : Kind::kLost;
}

const char* text_or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace

void Connection::Close::operator()(st_mysql* connection) const noexcept {
  const NoSigpipe no_sigpipe;
  mysql_close(connection);
}

Connection::Connection(Env& env, const Options& options, const Url::Host& host,
                       Env::TimePoint deadline)
    : env_(env),
      peer_(options.unix_socket.empty() ? host.name + ":" + std::to_string(host.port)
                                        : options.unix_socket) {
  begin_library();
  connection_.reset(mysql_init(nullptr));
  if (!connection_) throw std::bad_alloc();
  prepare(options);
  try {
    log_in(options, host, deadline);
    set_up(options, deadline);
  } catch (...) {
    if (suspended_) ::shutdown(mysql_get_socket(connection_.get()), SHUT_RDWR);
    throw;
  }
}

// Closing says goodbye, which must not wait for a server that does not listen.
Connection::~Connection() {
  if (suspended_) ::shutdown(mysql_get_socket(connection_.get()), SHUT_RDWR);
}

void Connection::prepare(const Options& options) {
  auto* connection = connection_.get();
  const unsigned off = 0;
  const unsigned one_second = 1;
  mysql_options(connection, MYSQL_OPT_NONBLOCK, nullptr);
  mysql_options(connection, MYSQL_OPT_LOCAL_INFILE, &off);
  mysql_options(connection, MYSQL_OPT_WRITE_TIMEOUT, &one_second);  // of the goodbye
  mysql_options(connection, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  if (options.unix_socket.empty()) {  // else "localhost" is the socket of the system's server
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    mysql_options(connection, MYSQL_OPT_PROTOCOL, &tcp);
  }
  const Options::Tls& tls = options.tls;
  if (!tls.wanted) return;
  mysql_ssl_set(connection, text_or_null(tls.key), text_or_null(tls.certificate),
                text_or_null(tls.ca), text_or_null(tls.ca_path), text_or_null(tls.cipher));
  const my_bool yes = 1;
  const my_bool verify = tls.verify ? 1 : 0;
  mysql_options(connection, MYSQL_OPT_SSL_ENFORCE, &yes);
  mysql_options(connection, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

void Connection::log_in(const Options& options, const Url::Host& host, Env::TimePoint deadline) {
  auto* connection = connection_.get();
  MYSQL* connected = nullptr;
  const auto flags = CLIENT_MULTI_STATEMENTS | CLIENT_FOUND_ROWS;
  complete(
      [&] {
        const NoSigpipe no_sigpipe;
        return mysql_real_connect_start(&connected, connection, host.name.c_str(),
                                        text_or_null(options.user), options.password.c_str(),
                                        options.database.c_str(), host.port,
                                        text_or_null(options.unix_socket), flags);
      }(),
      deadline, [&](int ready) { return mysql_real_connect_cont(&connected, connection, ready); });
  if (connected == nullptr) fail();
  if (options.tls.wanted && mysql_get_ssl_cipher(connection) == nullptr)
    throw Failure(Kind::kDenied, peer_ + ": the server has no TLS");
}

// Revisions are read back in the transaction that raised them, and each statement is to see what
// was committed before it: READ COMMITTED. A cluster has one history, whichever server answers.
void Connection::set_up(const Options& options, Env::TimePoint deadline) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.settings.timeout).count();
  run({{"SET SESSION time_zone = '+00:00', autocommit = 1, innodb_lock_wait_timeout = " +
            std::to_string(seconds),
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"},
       0,
       true},
      deadline);
  const Result found = run({{"SELECT @@global.read_only, @@server_id"}, 0, true}, deadline);
  const Result cluster = run({{"SHOW STATUS LIKE 'wsrep_cluster_state_uuid'"}, 0, true}, deadline);
  if (found.rows.at(0).at(0) != "0") throw Failure(Kind::kStandby, peer_ + " takes no writes");
  history_ = "server " + found.rows.at(0).at(1).value_or("");
  if (cluster.rows.empty() || cluster.rows[0].at(1).value_or("").empty()) return;
  history_ = "cluster " + *cluster.rows[0][1];
  run({{"SET SESSION wsrep_sync_wait = 15"}, 0, true}, deadline);  // reads see others' writes
}

Result Connection::run(const Batch& batch, Env::TimePoint deadline) {
  std::string query;
  for (const auto& statement : batch.statements)
    query.append(query.empty() ? "" : ";\n").append(statement);
  const bool transaction = batch.statements.size() > 1;
  if (transaction) query = "START TRANSACTION;\n" + query + ";\nCOMMIT";
  const std::size_t wanted = batch.answer + (transaction ? 1 : 0);
  auto* connection = connection_.get();
  int error = 0;
  complete(
      [&] {
        const NoSigpipe no_sigpipe;
        return mysql_real_query_start(&error, connection, query.data(), query.size());
      }(),
      deadline, [&](int ready) { return mysql_real_query_cont(&error, connection, ready); });
  if (error != 0) fail();
  Result answer;
  for (std::size_t i = 0;; ++i) {
    Result result = take_result(deadline);
    if (i == wanted) answer = std::move(result);
    if (mysql_more_results(connection) == 0) return answer;
    int next = 0;
    complete(mysql_next_result_start(&next, connection), deadline,
             [&](int ready) { return mysql_next_result_cont(&next, connection, ready); });
    if (next > 0) fail();
  }
}

Result Connection::take_result(Env::TimePoint deadline) {
  auto* connection = connection_.get();
  Result result;
  if (mysql_field_count(connection) == 0) {
    result.affected = static_cast<std::int64_t>(mysql_affected_rows(connection));
    return result;
  }
  MYSQL_RES* stored = nullptr;
  complete(mysql_store_result_start(&stored, connection), deadline,
           [&](int ready) { return mysql_store_result_cont(&stored, connection, ready); });
  if (stored == nullptr) fail();
  const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> freed(stored, mysql_free_result);
  const unsigned columns = mysql_num_fields(stored);
  while (const MYSQL_ROW row = mysql_fetch_row(stored)) {
    const unsigned long* lengths = mysql_fetch_lengths(stored);
    auto& cells = result.rows.emplace_back();
    for (unsigned i = 0; i < columns; ++i) {
      if (row[i] == nullptr)
        cells.emplace_back();
      else
        cells.emplace_back(std::string(row[i], lengths[i]));
    }
  }
  return result;
}

template <class GoOn>
void Connection::complete(int status, Env::TimePoint deadline, GoOn go_on) {
  while (status != 0) {
    suspended_ = true;
    const int ready = wait(status, deadline);
    const NoSigpipe no_sigpipe;
    status = go_on(ready);
    suspended_ = false;
  }
}

int Connection::wait(int status, Env::TimePoint deadline) {
  auto* connection = connection_.get();
  int events = 0;
  if ((status & MYSQL_WAIT_READ) != 0) events |= POLLIN;
  if ((status & MYSQL_WAIT_WRITE) != 0) events |= POLLOUT;
  if ((status & MYSQL_WAIT_EXCEPT) != 0) events |= POLLPRI;
  auto until = deadline;
  if ((status & MYSQL_WAIT_TIMEOUT) != 0)
    until = std::min(
        until, env_.now() + std::chrono::milliseconds(mysql_get_timeout_value_ms(connection)));
  const short came = sql_kv::wait_for_socket(env_, mysql_get_socket(connection),
                                             static_cast<short>(events), until);
  if (came == 0 && env_.now() >= deadline)
    throw Failure(Kind::kLost, peer_ + ": no answer in time");
  if (came == 0) return MYSQL_WAIT_TIMEOUT;
  int ready = 0;
  if ((came & (POLLIN | POLLHUP | POLLERR)) != 0) ready |= MYSQL_WAIT_READ;
  if ((came & (POLLOUT | POLLERR)) != 0) ready |= MYSQL_WAIT_WRITE;
  if ((came & POLLPRI) != 0) ready |= MYSQL_WAIT_EXCEPT;
  return ready & status;
}

bool Connection::quiet() const noexcept {
  pollfd file{mysql_get_socket(connection_.get()), POLLIN, 0};
  return ::poll(&file, 1, 0) == 0;
}

void Connection::fail() const {
  auto* connection = connection_.get();
  throw Failure(kind_of(mysql_errno(connection)),
                peer_ + ": " + std::string(mysql_error(connection)));
}

}  // namespace tooz::mysql
