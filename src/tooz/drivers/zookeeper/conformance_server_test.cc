#include "tests/support/zookeeper_server.h"
#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/recipe_suite.h"
#include "tooz/drivers/zookeeper/zookeeper.h"
#include "tooz/url.h"

namespace tooz::conformance {
namespace {

class ZookeeperWorld final : public World {
 public:
  std::unique_ptr<Backend> open() override {
    return open_zookeeper(env(), parse_url(server_.url("timeout=20")));
  }
  void restart() override {
    server_.stop();
    server_.start();
  }
  Env::Duration short_lease() override { return std::chrono::seconds(1); }

 private:
  support::ZookeeperServer server_;
};

std::vector<Subject> subjects() {
  return {{"zookeeper", "zookeeper", [] { return std::make_unique<ZookeeperWorld>(); }}};
}

INSTANTIATE_TEST_SUITE_P(Zookeeper, BackendConformance, testing::ValuesIn(subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(Zookeeper, RecipeConformance, testing::ValuesIn(subjects()), name_of);

}  // namespace
}  // namespace tooz::conformance
