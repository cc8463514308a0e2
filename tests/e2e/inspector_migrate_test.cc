// Stored data on its way from the database into Debian's Swift, and back.
#include "tests/e2e/support/standalone_deployment.h"
#include "tests/support/swift_server.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

using support::SwiftServer;

constexpr int kNodes = 2;
const std::string kAll = "total records: 4. all records are migrated successfully.";

class MigrateData : public StandaloneDeployment {
 protected:
  void SetUp() override {
    if (!SwiftServer::installed()) GTEST_SKIP() << "Swift is not installed";
    swift_.emplace();
  }

  Config with_store(const std::string& kind) const {
    return config()
        .set("processing", "store_data", kind)
        .set("swift", "auth_type", "v1password")
        .set("swift", "auth_url", swift_->auth_url())
        .set("swift", "username", SwiftServer::kUser)
        .set("swift", "password", SwiftServer::kPassword)
        .set("swift", "status_code_retries", "1")
        .set("swift", "connect_retries", "1");
  }

  Ended move(const std::string& from, const std::string& to) const {
    return ended({program("ironic-inspector-migrate-data"), "--config-file",
                  write("migrate", with_store(from)), "--from", from, "--to", to});
  }

  /// All that the API tells of what is stored by `kind`.
  std::vector<boost::json::value> stored(const std::string& kind) {
    inspector().stop();
    start(with_store(kind));
    std::vector<boost::json::value> all;
    for (int i = 0; i < kNodes; ++i)
      for (const char* which : {"/data", "/data/unprocessed"}) {
        const Answer answer = api().get(Api::of_node(i) + which);
        all.push_back(answer.status == 200 ? answer.json() : boost::json::value(answer.status));
      }
    return all;
  }

  void forget_what_the_database_has() const {
    support::run({"/usr/bin/python3", "-c",
                  "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
                  "db.execute('DELETE FROM introspection_data'); db.commit()",
                  folder_.path() / "inspector.sqlite"});
  }

  std::optional<SwiftServer> swift_;
};

TEST_F(MigrateData, GoesIntoSwiftAndBack) {
  begin_machines({.count = kNodes});
  start(with_store("database"));
  for (int i = 0; i < kNodes; ++i)
    ASSERT_EQ(api().start(i).status, 202);
  ASSERT_TRUE(all_become(api(), kNodes, "finished"));
  const std::vector<boost::json::value> before = stored("database");
  EXPECT_TRUE(before.at(0).is_object());

  for (int times = 0; times < 2; ++times) {  // a second time nothing is left to do
    const Ended there = move("database", "swift");
    EXPECT_EQ(there.code, 0);
    EXPECT_NE(there.output.find(kAll), std::string::npos) << there.output;
  }
  EXPECT_EQ(stored("swift"), before);

  forget_what_the_database_has();
  EXPECT_EQ(stored("database"), std::vector<boost::json::value>(4, 404));
  swift_->stop();
  const Ended away = move("swift", "database");
  EXPECT_EQ(away.code, 1);
  EXPECT_NE(away.output.find("Failed to migrate:"), std::string::npos) << away.output;
  EXPECT_NE(away.output.find(node_uuid(0) + "(processed=True)"), std::string::npos) << away.output;
  swift_->start();
  const Ended back = move("swift", "database");
  EXPECT_EQ(back.code, 0);
  EXPECT_NE(back.output.find(kAll), std::string::npos) << back.output;
  EXPECT_EQ(stored("database"), before);

  const Ended nowhere = move("swift", "swift");
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_NE(nowhere.output.find("Source and destination can not be the same."), std::string::npos)
      << nowhere.output;
}

}  // namespace
}  // namespace e2e
