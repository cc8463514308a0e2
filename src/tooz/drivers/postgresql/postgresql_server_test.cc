#include "tooz/drivers/postgresql/postgresql.h"

#include "tests/support/postgresql_server.h"
#include "tooz/drivers/sql_kv/testing/sql_suite.h"
#include "tooz/url.h"

#include <stdexcept>

namespace tooz::sql_kv {
namespace {

using namespace std::chrono_literals;
using support::PostgresqlServer;

std::unique_ptr<Backend> open(const std::string& url) {
  return open_postgresql(base::system_env(), parse_url(url));
}

class PostgresqlWorld final : public SqlWorld {
 public:
  std::unique_ptr<Backend> open(const std::string& url) override { return sql_kv::open(url); }
  std::string url(const std::string& more, const std::string& password) override {
    return "postgresql://test:" + password + "@" + more + server_.host() + "/postgres";
  }
  void stop() override { server_.stop(); }
  void start() override { server_.start(); }
  void kill() override { server_.kill(); }
  void pause() override { server_.pause(); }
  void resume() override { server_.resume(); }
  std::string sql(const std::string& statements) override { return server_.sql(statements); }
  void cut_connections() override {
    server_.sql(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE application_name = 'tooz'");
  }
  std::string start_read_only() override {
    standby_.emplace(PostgresqlServer::Options{.standby_of = &server_});
    return standby_->host() + ",";
  }

 private:
  PostgresqlServer server_;
  std::optional<PostgresqlServer> standby_;
};

INSTANTIATE_TEST_SUITE_P(Postgresql, SqlServers,
                         testing::Values(SqlSubject{
                             "postgresql", [] { return std::make_unique<PostgresqlWorld>(); }}));

TEST(PostgresqlServers, APromotedStandbyIsFoundAndHasAnotherOrigin) {
  PostgresqlServer first;
  PostgresqlServer second({.standby_of = &first});
  const auto backend =
      open("postgresql://test:test@" + first.host() + "," + second.host() + "/postgres?timeout=20");
  const std::string origin = backend->origin();
  const Revision made = backend->create("k", "v", SessionId::kNone).value();
  ASSERT_TRUE(support::eventually([&] {
    return second.sql("SELECT count(*) FROM tooz_cc_key WHERE revision = " +
                      std::to_string(made)) == "1\n";
  }));
  first.kill();
  second.sql("SELECT pg_promote()");
  ASSERT_TRUE(support::eventually([&] { return !error_of([&] { backend->get("k"); }); }));
  EXPECT_EQ(backend->get("k")->created, made);
  EXPECT_NE(backend->origin(), origin);
  EXPECT_GT(backend->create("other", "v", SessionId::kNone).value(), made);
}

TEST(PostgresqlServers, AUserWithFewRightsIsEnough) {
  PostgresqlServer server;
  server.sql(
      "CREATE ROLE few LOGIN PASSWORD 'few'; CREATE SCHEMA few AUTHORIZATION few;"
      "ALTER ROLE few SET default_transaction_isolation = 'serializable';"
      "ALTER ROLE few SET synchronous_commit = off; ALTER ROLE few SET bytea_output = 'escape'");
  const auto backend = open("postgresql://few:few@" + server.host() + "/postgres?timeout=20");
  EXPECT_GT(backend->create("k\\", std::string("v\0\xff", 3), SessionId::kNone), 0);
  EXPECT_EQ(backend->get("k\\")->value, std::string("v\0\xff", 3));
  EXPECT_EQ(server.sql("SELECT count(*) FROM few.tooz_cc_key"), "1\n");
  server.sql("CREATE ROLE nobody LOGIN PASSWORD 'nobody'");
  const auto denied = open("postgresql://nobody:nobody@" + server.host() + "/postgres?timeout=20");
  EXPECT_EQ(error_of([&] { denied->get("k"); }), Errc::kDenied);
}

TEST(PostgresqlServers, ADatabaseThatDoesNotExistIsDenied) {
  PostgresqlServer server;
  const auto backend = open("postgresql://test:test@" + server.host() + "/absent?timeout=20");
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kDenied);
  const auto local = open("postgresql://test:test@" + server.host() + "/absent?dbname=postgres");
  EXPECT_EQ(local->get("k"), std::nullopt);
}

TEST(PostgresqlTls, AKnownAuthorityIsTrustedAndAnUnknownOneIsNot) {
  PostgresqlServer server({.tls = true});
  const std::string base = "postgresql://test:test@" + server.host() + "/postgres?timeout=20";
  const std::string ca = "&sslrootcert=" + server.certificates().ca.string();
  const auto backend = open(base + "&sslmode=verify-full" + ca);
  ASSERT_TRUE(backend->create("k", std::string(1 << 20, 'x'), SessionId::kNone));
  EXPECT_EQ(backend->get("k")->value.size(), 1U << 20);
  EXPECT_EQ(server.sql("SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                       " WHERE application_name = 'tooz'"),
            "t\n");
  const std::string other = "&sslrootcert=" + server.certificates().client.string();
  const auto stranger = open(base + "&sslmode=verify-full" + other);
  EXPECT_EQ(error_of([&] { stranger->get("k"); }), Errc::kUnreachable);
  EXPECT_TRUE(open(base + "&sslmode=require")->get("k"));
}

TEST(PostgresqlTls, AServerWithoutItIsRefused) {
  PostgresqlServer server;
  const auto backend =
      open("postgresql://test:test@" + server.host() + "/postgres?timeout=20&sslmode=require");
  EXPECT_EQ(error_of([&] { backend->get("k"); }), Errc::kUnreachable);
}

TEST(PostgresqlTls, AServerMayWantACertificateOfOurs) {
  PostgresqlServer server({.tls = true, .client_certificates = true});
  const auto& files = server.certificates();
  const std::string base =
      "postgresql://test:test@" + server.host() +
      "/postgres?timeout=20&sslmode=verify-full&sslrootcert=" + files.ca.string();
  const auto with =
      open(base + "&sslcert=" + files.client.string() + "&sslkey=" + files.client_key.string());
  EXPECT_TRUE(with->create("k", "v", SessionId::kNone));
  EXPECT_EQ(error_of([&] { open(base)->get("k"); }), Errc::kDenied);
}

}  // namespace
}  // namespace tooz::sql_kv
