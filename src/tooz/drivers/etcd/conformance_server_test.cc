#include "tests/support/etcd_server.h"
#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/recipe_suite.h"
#include "tooz/drivers/etcd/etcd.h"
#include "tooz/url.h"

#include <stdexcept>

namespace tooz::conformance {
namespace {

class EtcdWorld final : public World {
 public:
  EtcdWorld() {
    if (!support::EtcdServer::installed())
      throw std::runtime_error("etcd-server is not installed; ./test installs what it needs");
    server_.emplace();
  }
  std::unique_ptr<Backend> open() override {
    return open_etcd(env(), parse_url(server_->url("timeout=20")));
  }
  void restart() override {
    server_->stop();
    server_->start();
  }
  Env::Duration short_lease() override { return std::chrono::seconds(1); }

 private:
  std::optional<support::EtcdServer> server_;
};

std::vector<Subject> server_subjects() {
  return {{"etcd", "etcd3+http", [] { return std::make_unique<EtcdWorld>(); }}};
}

INSTANTIATE_TEST_SUITE_P(Etcd, BackendConformance, testing::ValuesIn(server_subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(Etcd, RecipeConformance, testing::ValuesIn(server_subjects()), name_of);

}  // namespace
}  // namespace tooz::conformance
