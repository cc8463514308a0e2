#include "tests/support/postgresql_server.h"
#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/recipe_suite.h"
#include "tooz/drivers/postgresql/postgresql.h"
#include "tooz/url.h"

#include <stdexcept>

namespace tooz::conformance {
namespace {

class PostgresqlWorld final : public World {
 public:
  PostgresqlWorld() {
    if (!support::PostgresqlServer::installed())
      throw std::runtime_error("postgresql is not installed; ./test installs what it needs");
    server_.emplace();
  }
  std::unique_ptr<Backend> open() override {
    return open_postgresql(env(), parse_url(server_->url("postgres") + "?timeout=20"));
  }
  void restart() override {
    server_->stop();
    server_->start();
  }
  Env::Duration short_lease() override { return std::chrono::seconds(1); }

 private:
  std::optional<support::PostgresqlServer> server_;
};

std::vector<Subject> subjects() {
  return {{"postgresql", "postgresql", [] { return std::make_unique<PostgresqlWorld>(); }}};
}

INSTANTIATE_TEST_SUITE_P(Postgresql, BackendConformance, testing::ValuesIn(subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(Postgresql, RecipeConformance, testing::ValuesIn(subjects()), name_of);

}  // namespace
}  // namespace tooz::conformance
