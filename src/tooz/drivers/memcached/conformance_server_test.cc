#include "tests/support/memcached_server.h"
#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/recipe_suite.h"
#include "tooz/drivers/memcached/memcached.h"
#include "tooz/url.h"

#include <stdexcept>

namespace tooz::conformance {
namespace {

class MemcachedWorld final : public World {
 public:
  MemcachedWorld() {
    if (!support::MemcachedServer::installed())
      throw std::runtime_error("memcached is not installed; ./test installs what it needs");
    server_.emplace();
  }
  std::unique_ptr<Backend> open() override {
    return open_memcached(env(), parse_url(server_->url("timeout=20")));
  }
  void restart() override {
    server_->stop();
    server_->start();
  }
  Env::Duration short_lease() override { return std::chrono::seconds(1); }

 private:
  std::optional<support::MemcachedServer> server_;
};

std::vector<Subject> server_subjects() {
  return {{"memcached", "memcached", [] { return std::make_unique<MemcachedWorld>(); }}};
}

INSTANTIATE_TEST_SUITE_P(Memcached, BackendConformance, testing::ValuesIn(server_subjects()),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Memcached, RecipeConformance, testing::ValuesIn(server_subjects()),
                         name_of);

}  // namespace
}  // namespace tooz::conformance
