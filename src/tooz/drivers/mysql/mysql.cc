#include "tooz/drivers/mysql/mysql.h"

#include "tooz/drivers/mysql/connection.h"
#include "tooz/drivers/mysql/poll.h"
#include "tooz/drivers/sql_kv/sql_backend.h"

namespace tooz {
namespace mysql {
namespace {

std::string bytes(std::string_view value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string literal = "X'";
  literal.reserve(value.size() * 2 + 3);
  for (const unsigned char c : value)
    literal.append({kDigits[c >> 4], kDigits[c & 15]});
  return literal + "'";
}

constexpr sql_kv::Dialect kDialect{
    .now = "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)",
    .standby = "@@global.read_only",
    .drop_ended_keys =
        "DELETE FROM tooz_cc_key USING tooz_cc_key JOIN tooz_cc_session n"
        " ON tooz_cc_key.owner = n.id JOIN tooz_cc_state s ON s.id = 1"
        " WHERE n.ends <= s.swept",
    .announce = "",
    .bytes = bytes,
};

constexpr std::string_view kTable = " ENGINE=InnoDB ROW_FORMAT=DYNAMIC";

class MysqlServer final : public sql_kv::Server {
 public:
  MysqlServer(Env& env, Options options) : env_(env), options_(std::move(options)) {}

  const sql_kv::Dialect& dialect() const noexcept override { return kDialect; }
  bool pushes() const noexcept override { return false; }

  // Each CREATE TABLE is a transaction of its own, so the state comes last: where it is, all are.
  sql_kv::Batch schema(const std::string& state) const override {
    std::vector<std::string> tables{
        "tooz_cc_session (id BIGINT PRIMARY KEY, ttl BIGINT NOT NULL, ends BIGINT NOT NULL,"
        " KEY (ends))",
        "tooz_cc_key (name VARBINARY(2048) PRIMARY KEY, value LONGBLOB NOT NULL,"
        " owner BIGINT NOT NULL, created BIGINT NOT NULL, revision BIGINT NOT NULL, KEY (owner))",
        "tooz_cc_change (revision BIGINT NOT NULL, name VARBINARY(2048) NOT NULL,"
        " created BIGINT NOT NULL, KEY (revision))",
        "tooz_cc_state (id SMALLINT PRIMARY KEY, revision BIGINT NOT NULL,"
        " swept BIGINT NOT NULL, origin VARBINARY(255) NOT NULL, history VARBINARY(255) NOT NULL)"};
    for (auto& table : tables)
      table = "CREATE TABLE IF NOT EXISTS " + table + std::string(kTable);
    tables.push_back(
        "INSERT IGNORE INTO tooz_cc_state (id, revision, swept, origin, history)"
        " VALUES (1, 0, 0, " +
        state + ")");
    return {std::move(tables), 0, true};
  }
  // Of two who do it at the same time one is told so by an error.
  sql_kv::Batch upgrade() const override {
    return {{"ALTER TABLE tooz_cc_change ADD COLUMN created BIGINT"}, 0, true};
  }
  std::unique_ptr<sql_kv::Connection> connect(const Url::Host& host,
                                              Env::TimePoint deadline) override {
    return std::make_unique<Connection>(env_, options_, host, deadline);
  }
  std::unique_ptr<sql_kv::Feed> feed(std::unique_ptr<sql_kv::Connection> connection) override {
    return std::make_unique<Poll>(env_, std::move(connection), kDialect, options_.settings.timeout);
  }

 private:
  Env& env_;
  const Options options_;
};

}  // namespace
}  // namespace mysql

std::unique_ptr<Backend> open_mysql(Env& env, const Url& url) {
  mysql::Options options = mysql::options_from(url);
  const sql_kv::Settings settings = options.settings;
  auto server = std::make_unique<mysql::MysqlServer>(env, std::move(options));
  return sql_kv::make_sql_backend(env, std::move(server), settings);
}

}  // namespace tooz
