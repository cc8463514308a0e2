#include "tooz/drivers/mysql/mysql.h"

#include "tests/support/free_port.h"
#include "tests/support/mariadb_server.h"
#include "tooz/drivers/sql_kv/testing/sql_suite.h"
#include "tooz/url.h"

namespace tooz::sql_kv {
namespace {

using support::MariadbServer;

std::unique_ptr<Backend> open(const std::string& url) {
  return open_mysql(base::system_env(), parse_url(url));
}

class MysqlWorld final : public SqlWorld {
 public:
  std::unique_ptr<Backend> open(const std::string& url) override { return sql_kv::open(url); }
  std::string url(const std::string& more, const std::string& password) override {
    return "mysql://test:" + password + "@" + more + server_.host() + "/test";
  }
  void stop() override { server_.stop(); }
  void start() override { server_.start(); }
  void kill() override { server_.kill(); }
  void pause() override { server_.pause(); }
  void resume() override { server_.resume(); }
  std::string sql(const std::string& statements) override {
    return server_.sql("USE test; " + statements);
  }
  void cut_connections() override { server_.sql("KILL HARD USER test"); }
  std::string start_read_only() override {
    replica_.emplace();
    replica_->sql("SET GLOBAL read_only = 1");
    return replica_->host() + ",";
  }

 private:
  MariadbServer server_;
  std::optional<MariadbServer> replica_;
};

INSTANTIATE_TEST_SUITE_P(Mysql, SqlServers,
                         testing::Values(SqlSubject{
                             "mysql", [] { return std::make_unique<MysqlWorld>(); }}));

TEST(MysqlServers, OneThatIsMadeReadOnlyIsLeftForAnother) {
  MariadbServer first;
  MariadbServer second;
  const auto backend =
      open("mysql://test:test@" + first.host() + "," + second.host() + "/test?timeout=20");
  ASSERT_TRUE(backend->create("where", "first", SessionId::kNone));
  first.sql("SET GLOBAL read_only = 1");
  EXPECT_EQ(backend->get("where"), std::nullopt) << "reads leave it, too";
  EXPECT_TRUE(backend->create("where", "second", SessionId::kNone));
  EXPECT_EQ(open(second.url())->get("where")->value, "second");
}

TEST(MysqlServers, AnotherServerWithTheSameDataHasAnotherOrigin) {
  MariadbServer server;
  const std::string origin = open(server.url())->origin();
  server.stop();
  server.start();
  EXPECT_EQ(open(server.url())->origin(), origin);
  server.stop();
  server.start({"--server-id=7"});
  const std::string other = open(server.url())->origin();
  EXPECT_NE(other, origin);
  server.stop();
  server.start();
  EXPECT_NE(open(server.url())->origin(), other);
  EXPECT_NE(open(server.url())->origin(), origin) << "who comes back has another one, too";
}

TEST(MysqlServers, AClusterIsOneHistoryWhicheverServerAnswers) {
  MariadbServer server;
  const auto start_as = [&](const std::string& id) {
    const std::string port = std::to_string(support::free_port());
    server.stop();
    server.start({"--server-id=" + id, "--wsrep-on=ON", "--binlog-format=ROW",
                  "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
                  "--wsrep-cluster-address=gcomm://", "--wsrep-new-cluster",
                  "--wsrep-node-address=127.0.0.1",
                  "--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:" + port});
  };
  start_as("1");
  const auto backend = open(server.url() + "?timeout=20");
  const std::string origin = backend->origin();
  const Session session = backend->open_session(std::chrono::seconds(60));
  const Revision made = backend->create("k", "v", session.id).value();
  EXPECT_TRUE(backend->replace("k", "w", made));
  start_as("2");
  const auto again = open(server.url() + "?timeout=20");
  EXPECT_EQ(again->get("k")->value, "w");
  EXPECT_EQ(again->origin(), origin);
}

// MariaDB 10.11.19 was seen to crash where it makes one.
TEST(MysqlServers, NoStatementNeedsATemporaryTableOnTheDisk) {
  using namespace std::chrono_literals;
  const std::string kMade = "SHOW GLOBAL STATUS LIKE 'Created_tmp_disk_tables'";
  MariadbServer server;
  const std::string before = server.sql(kMade);
  const auto backend = open(server.url());
  const SessionId session = backend->open_session(30s).id;
  const std::string long_value(3000, 'v');
  const Revision at = backend->list("k/").at;
  for (const std::string key : {"k/b", "k/a", "k/c"})
    ASSERT_TRUE(backend->create(key, long_value, session, {.present = "", .empty_prefix = "j/"}));
  const auto a = backend->get("k/a");
  ASSERT_TRUE(a);
  ASSERT_TRUE(backend->replace("k/a", long_value + "2", a->revision));
  ASSERT_TRUE(backend->remove("k/b", backend->get("k/b")->revision));
  const Snapshot all = backend->list("k/");
  EXPECT_EQ(all.entries.size(), 2U);
  EXPECT_EQ(backend->next_changes("k/", at, base::system_env().now() + 30s, {})->list.size(), 5U);
  const auto soon = base::system_env().now() + 100ms;  // some turns of who asks for changes
  EXPECT_TRUE(backend->next_changes("k/", all.at, soon, {})->list.empty());
  backend->close_session(session);
  EXPECT_EQ(server.sql(kMade), before);
}

TEST(MysqlServers, ItWorksThroughTheServersOwnSocket) {
  MariadbServer server;
  const auto backend =
      open("mysql://test:test@localhost/test?unix_socket=" + server.socket().string());
  EXPECT_TRUE(backend->create("k", "v", SessionId::kNone));
  const std::string port = std::to_string(server.port());
  EXPECT_TRUE(open("mysql://test:test@localhost:" + port + "/test")->get("k"))
      << "localhost with a port is no socket";
}

TEST(MysqlServers, AUserWithFewRightsAndASessionOfOtherHabitsAreEnough) {
  MariadbServer server;
  server.sql(
      "CREATE DATABASE few; CREATE USER few IDENTIFIED BY 'few';"
      "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON few.* TO few;"
      "SET GLOBAL time_zone = '-11:00'; SET GLOBAL autocommit = 0;"
      "SET GLOBAL sql_mode = 'ANSI_QUOTES,ORACLE'; SET GLOBAL tx_isolation = 'SERIALIZABLE'");
  const auto backend = open("mysql://few:few@" + server.host() + "/few?timeout=20");
  const Session session = backend->open_session(std::chrono::seconds(60));
  EXPECT_TRUE(backend->create("k\\", std::string("v\0\xff", 3), session.id));
  EXPECT_EQ(backend->get("k\\")->value, std::string("v\0\xff", 3));
  EXPECT_EQ(open("mysql://few:few@" + server.host() + "/few")->list("").entries.size(), 1U);
  const auto denied = open("mysql://few:few@" + server.host() + "/test?timeout=20");
  EXPECT_EQ(error_of([&] { denied->get("k"); }), Errc::kDenied);
}

TEST(MysqlTls, AKnownAuthorityIsTrustedAndAnUnknownOneIsNot) {
  MariadbServer server({.tls = true});
  server.sql("SET GLOBAL require_secure_transport = 1");
  const std::string base = server.url() + "?timeout=20";
  const std::string ca = "&ssl_ca=" + server.certificates().ca.string();
  const auto backend = open(base + ca);
  ASSERT_TRUE(backend->create("k", std::string(1 << 20, 'x'), SessionId::kNone));
  EXPECT_EQ(backend->get("k")->value.size(), 1U << 20);
  EXPECT_NE(error_of([&] { open(base)->get("k"); }), std::nullopt) << "it wants TLS";
  EXPECT_TRUE(open(base + "&ssl_verify_mode=none")->get("k"));
  for (const std::string& other :
       {"&ssl_ca=" + server.certificates().client.string(),
        std::string("&ssl_verify_mode=required"), std::string("&ssl_ca=/nonexistent")}) {
    EXPECT_EQ(error_of([&] { open(base + other)->get("k"); }), Errc::kUnreachable) << other;
  }
  const std::string wrong_name =
      "mysql://test:test@127.0.0.2:" + std::to_string(server.port()) + "/test?timeout=20" + ca;
  EXPECT_EQ(error_of([&] { open(wrong_name)->get("k"); }), Errc::kUnreachable);
}

TEST(MysqlTls, AServerWithoutItIsRefused) {
  MariadbServer server;
  for (const char* mode : {"none", "required"}) {
    const auto backend = open(server.url() + "?timeout=20&ssl_verify_mode=" + mode);
    EXPECT_NE(error_of([&] { backend->get("k"); }), std::nullopt) << mode;
  }
}

TEST(MysqlTls, AServerMayWantACertificateOfOurs) {
  MariadbServer server({.tls = true, .client_certificates = true});
  const auto& files = server.certificates();
  const std::string base = server.url() + "?timeout=20&ssl_ca=" + files.ca.string();
  const auto with =
      open(base + "&ssl_cert=" + files.client.string() + "&ssl_key=" + files.client_key.string());
  EXPECT_TRUE(with->create("k", "v", SessionId::kNone));
  EXPECT_EQ(error_of([&] { open(base)->get("k"); }), Errc::kDenied);
}

}  // namespace
}  // namespace tooz::sql_kv
