#include "tests/support/mariadb_server.h"
#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/recipe_suite.h"
#include "tooz/drivers/mysql/mysql.h"
#include "tooz/url.h"

#include <stdexcept>

namespace tooz::conformance {
namespace {

class MysqlWorld final : public World {
 public:
  MysqlWorld() {
    if (!support::MariadbServer::installed())
      throw std::runtime_error("mariadb-server is not installed; ./test installs what it needs");
    server_.emplace();
  }
  std::unique_ptr<Backend> open() override {
    return open_mysql(env(), parse_url(server_->url() + "?timeout=20"));
  }
  void restart() override {
    server_->stop();
    server_->start();
  }
  Env::Duration short_lease() override { return std::chrono::seconds(1); }

 private:
  std::optional<support::MariadbServer> server_;
};

std::vector<Subject> subjects() {
  return {{"mysql", "mysql", [] { return std::make_unique<MysqlWorld>(); }}};
}

INSTANTIATE_TEST_SUITE_P(Mysql, BackendConformance, testing::ValuesIn(subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(Mysql, RecipeConformance, testing::ValuesIn(subjects()), name_of);

}  // namespace
}  // namespace tooz::conformance
