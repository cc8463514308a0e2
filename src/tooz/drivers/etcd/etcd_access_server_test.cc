// Whom the driver trusts, and as whom it speaks.
#include "tooz/drivers/etcd/testing/etcd_fixture.h"

namespace tooz::etcd {
namespace {

using namespace std::chrono_literals;
using support::EtcdServer;

class EtcdTls : public testing::Test {
 protected:
  void SetUp() override {
    if (!EtcdServer::installed()) GTEST_SKIP() << "/usr/bin/etcd is not installed";
  }
};

TEST_F(EtcdTls, AKnownAuthorityIsTrustedAndAnUnknownOneIsNot) {
  const EtcdServer server({.tls = true, .client_certificates = false, .root_password = ""});
  const auto backend = open(server.url("timeout=5"));
  ASSERT_TRUE(backend->create("k", std::string(1'000'000, 'x'), SessionId::kNone));
  EXPECT_EQ(backend->get("k")->value.size(), 1'000'000U);

  const auto stranger = open("etcd3+https://" + server.host() + "?timeout=5");
  EXPECT_EQ(error_of([&] { stranger->get("k"); }), Errc::kUnreachable);
  const auto by_name = open("etcd3+https://localhost:" + std::to_string(server.port()) +
                            "?timeout=5&ca_cert=" + server.certificates().ca.string());
  EXPECT_TRUE(by_name->get("k"));
  const auto wrong_name = open("etcd3+https://127.0.0.2:" + std::to_string(server.port()) +
                               "?timeout=5&ca_cert=" + server.certificates().ca.string());
  EXPECT_EQ(error_of([&] { wrong_name->get("k"); }), Errc::kUnreachable);
  const auto no_file = open("etcd3+https://" + server.host() + "?timeout=5&ca_cert=/nonexistent");
  EXPECT_EQ(error_of([&] { no_file->get("k"); }), Errc::kUnreachable);
  const auto plain_to_tls = open("etcd3+http://" + server.host() + "?timeout=2");
  EXPECT_EQ(error_of([&] { plain_to_tls->get("k"); }), Errc::kUnreachable);
}

TEST_F(EtcdTls, AServerMayWantACertificateOfOurs) {
  const EtcdServer server({.tls = true, .client_certificates = true, .root_password = ""});
  EXPECT_TRUE(open(server.url("timeout=5"))->create("k", "v", SessionId::kNone));
  const auto without = open("etcd3+https://" + server.host() +
                            "?timeout=5&ca_cert=" + server.certificates().ca.string());
  EXPECT_EQ(error_of([&] { without->get("k"); }), Errc::kUnreachable);
}

class EtcdUsers : public testing::Test {
 protected:
  void SetUp() override {
    if (!EtcdServer::installed()) GTEST_SKIP() << "/usr/bin/etcd is not installed";
    server = std::make_unique<EtcdServer>(
        EtcdServer::Options{.tls = false, .client_certificates = false, .root_password = "secret"});
  }
  std::unique_ptr<EtcdServer> server;
};

TEST_F(EtcdUsers, TheRightPasswordOpensAndAWrongOneIsDenied) {
  const auto root = open(server->url("timeout=5", "root:secret@"));
  EXPECT_TRUE(root->create("k", "v", SessionId::kNone));
  const Session session = root->open_session(10s);
  EXPECT_GT(root->renew(session.id), 0s);
  for (const auto* user : {"", "root:wrong@", "nobody:secret@"}) {
    const auto denied = open(server->url("timeout=5", user));
    EXPECT_EQ(error_of([&] { denied->get("k"); }), Errc::kDenied) << user;
  }
}

TEST_F(EtcdUsers, AWaitWithoutTheRightIsDenied) {
  server->ctl({"user", "add", "joe:pass"});
  server->ctl({"role", "add", "reader"});
  server->ctl({"role", "grant-permission", "--prefix=true", "reader", "read", "joes/"});
  server->ctl({"user", "grant-role", "joe", "reader"});
  const auto joe = open(server->url("timeout=5", "joe:pass@"));
  EXPECT_TRUE(joe->list("joes/").entries.empty());
  EXPECT_EQ(error_of([&] { joe->list("others/"); }), Errc::kDenied);
  EXPECT_EQ(error_of([&] { joe->create("joes/k", "v", SessionId::kNone); }), Errc::kDenied);
  EXPECT_EQ(error_of([&] { joe->wait_change("others/", 1, env().now() + 30s, {}); }),
            Errc::kDenied);
  const auto deadline = env().now() + 200ms;
  joe->wait_change("joes/", joe->list("joes/").at, deadline, {});
  EXPECT_GE(env().now(), deadline);
}

TEST_F(EtcdUsers, ATokenThatTheServerForgotIsReplaced) {
  const auto root = open(server->url("timeout=5", "root:secret@"));
  ASSERT_TRUE(root->create("k", "v", SessionId::kNone));
  const auto forget_tokens = [&] {
    server->ctl({"auth", "disable"});
    server->ctl({"auth", "enable"});
  };
  forget_tokens();
  std::vector<std::unique_ptr<Background>> threads;
  for (int i = 0; i < 16; ++i)
    threads.push_back(std::make_unique<Background>(env(), [&, i] {
      EXPECT_TRUE(root->create("k" + std::to_string(i), "", SessionId::kNone));
    }));
  threads.clear();

  const Revision at = root->list("w/").at;
  forget_tokens();
  Background waiter(env(), [&] { root->wait_change("w/", at, env().now() + 30s, {}); });
  EXPECT_TRUE(root->create("w/k", "v", SessionId::kNone));
  EXPECT_TRUE(waiter.ends_within(15s));
}

TEST_F(EtcdUsers, AServerThatRestartsAsksNobodyToOpenTheBackendAgain) {
  const auto root = open(server->url("timeout=5", "root:secret@"));
  ASSERT_TRUE(root->create("k", "v", SessionId::kNone));
  server->kill();
  server->start();
  EXPECT_TRUE(support::eventually([&] { return !error_of([&] { root->get("k"); }).has_value(); }));
}

TEST_F(EtcdUsers, AServerWithoutUsersTakesAnybody) {
  const EtcdServer open_to_all;
  const auto backend = open(open_to_all.url("timeout=5", "joe:pass@"));
  EXPECT_TRUE(backend->create("k", "v", SessionId::kNone));
}

TEST_F(EtcdUsers, NoErrorShowsThePassword) {
  const auto wrong = open(server->url("timeout=5", "root:pa55word@"));
  try {
    wrong->get("k");
    ADD_FAILURE() << "let in";
  } catch (const Error& e) {
    EXPECT_EQ(std::string(e.what()).find("pa55word"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace tooz::etcd
