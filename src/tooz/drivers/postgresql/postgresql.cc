#include "tooz/drivers/postgresql/postgresql.h"

#include "tooz/drivers/postgresql/listener.h"
#include "tooz/drivers/sql_kv/sql_backend.h"

namespace tooz {
namespace postgresql {
namespace {

std::string bytes(std::string_view value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string literal = "'\\x";
  literal.reserve(value.size() * 2 + 12);
  for (const unsigned char c : value)
    literal.append({kDigits[c >> 4], kDigits[c & 15]});
  return literal + "'::bytea";
}

constexpr sql_kv::Dialect kDialect{
    .now = "(extract(epoch from clock_timestamp()) * 1000000)::bigint",
    .standby = "0",  // a primary becomes a standby by a restart only, and that ends connections
    .drop_ended_keys =
        "DELETE FROM tooz_cc_key k USING tooz_cc_session n, tooz_cc_state s"
        " WHERE s.id = 1 AND n.ends <= s.swept AND k.owner = n.id",
    .announce =
        "SELECT pg_notify('tooz_cc_' || md5(current_schema()),"
        " c.revision || ' ' || encode(c.name, 'hex'))"
        " FROM tooz_cc_state s JOIN tooz_cc_change c ON c.revision = s.revision"
        " WHERE s.id = 1",
    .bytes = bytes,
};

/// Who makes the tables at the same time as another waits, and then finds them: even IF NOT EXISTS
/// fails when two do, and an index that is there already is waited for.
constexpr std::string_view kAlone = "SELECT pg_advisory_xact_lock(8387794181066907)";
constexpr std::string_view kTables = R"(DO $$ BEGIN
IF to_regclass('tooz_cc_state') IS NULL THEN
  CREATE TABLE IF NOT EXISTS tooz_cc_session (
    id bigint PRIMARY KEY, ttl bigint NOT NULL, ends bigint NOT NULL);
  CREATE INDEX IF NOT EXISTS tooz_cc_session_ends ON tooz_cc_session (ends);
  CREATE TABLE IF NOT EXISTS tooz_cc_key (name bytea PRIMARY KEY, value bytea NOT NULL,
    owner bigint NOT NULL, created bigint NOT NULL, revision bigint NOT NULL);
  CREATE INDEX IF NOT EXISTS tooz_cc_key_owner ON tooz_cc_key (owner);
  CREATE TABLE IF NOT EXISTS tooz_cc_change (revision bigint NOT NULL, name bytea NOT NULL,
    created bigint NOT NULL);
  CREATE INDEX IF NOT EXISTS tooz_cc_change_revision ON tooz_cc_change (revision);
  CREATE TABLE tooz_cc_state (id smallint PRIMARY KEY, revision bigint NOT NULL,
    swept bigint NOT NULL, origin bytea NOT NULL, history bytea NOT NULL) WITH (fillfactor = 50);
END IF; END $$)";

class PostgresqlServer final : public sql_kv::Server {
 public:
  PostgresqlServer(Env& env, Options options) : env_(env), options_(std::move(options)) {}

  const sql_kv::Dialect& dialect() const noexcept override { return kDialect; }
  bool pushes() const noexcept override { return true; }

  sql_kv::Batch schema(const std::string& state) const override {
    return {{std::string(kAlone), std::string(kTables),
             "INSERT INTO tooz_cc_state (id, revision, swept, origin, history) VALUES (1, 0, 0, " +
                 state + ") ON CONFLICT DO NOTHING"},
            0,
            true};
  }
  sql_kv::Batch upgrade() const override {
    return {
        {std::string(kAlone), "ALTER TABLE tooz_cc_change ADD COLUMN IF NOT EXISTS created bigint"},
        0,
        true};
  }
  std::unique_ptr<sql_kv::Connection> connect(const Url::Host& host,
                                              Env::TimePoint deadline) override {
    return std::make_unique<Connection>(env_, options_, host, deadline);
  }
  std::unique_ptr<sql_kv::Feed> feed(std::unique_ptr<sql_kv::Connection> connection) override {
    std::unique_ptr<Connection> ours(static_cast<Connection*>(connection.release()));
    return std::make_unique<Listener>(env_, std::move(ours), options_.settings.timeout);
  }

 private:
  Env& env_;
  const Options options_;
};

}  // namespace
}  // namespace postgresql

std::unique_ptr<Backend> open_postgresql(Env& env, const Url& url) {
  postgresql::Options options = postgresql::options_from(url);
  const sql_kv::Settings settings = options.settings;
  auto server = std::make_unique<postgresql::PostgresqlServer>(env, std::move(options));
  return sql_kv::make_sql_backend(env, std::move(server), settings);
}

}  // namespace tooz
