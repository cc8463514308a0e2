#include "tests/support/redis_server.h"
#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/recipe_suite.h"
#include "tooz/drivers/redis/redis.h"
#include "tooz/url.h"

#include <stdexcept>

namespace tooz::conformance {
namespace {

class RedisWorld final : public World {
 public:
  explicit RedisWorld(const support::RedisServer::Options& options) {
    if (!support::RedisServer::installed())
      throw std::runtime_error("redis-server is not installed; ./test installs what it needs");
    server_.emplace(options);
  }
  std::unique_ptr<Backend> open() override {
    return open_redis(env(), parse_url(server_->url("timeout=20")));
  }
  void restart() override {
    server_->stop();
    server_->start();
  }
  Env::Duration short_lease() override { return std::chrono::seconds(1); }

 private:
  std::optional<support::RedisServer> server_;
};

std::unique_ptr<World> plain() {
  support::RedisServer::Options options;
  options.keeps = false;
  return std::make_unique<RedisWorld>(options);
}

std::unique_ptr<World> with_tls() {
  support::RedisServer::Options options;
  options.keeps = false;
  options.tls = true;
  options.password = "p@ss:word";
  return std::make_unique<RedisWorld>(options);
}

std::vector<Subject> subjects() {
  return {{"redis", "redis", plain}, {"rediss", "rediss", with_tls}};
}

INSTANTIATE_TEST_SUITE_P(Redis, BackendConformance, testing::ValuesIn(subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(Redis, RecipeConformance, testing::ValuesIn(subjects()), name_of);

}  // namespace
}  // namespace tooz::conformance
