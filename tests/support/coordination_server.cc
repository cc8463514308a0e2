#include "tests/support/coordination_server.h"

#include "tests/support/etcd_server.h"
#include "tests/support/mariadb_server.h"
#include "tests/support/memcached_server.h"
#include "tests/support/postgresql_server.h"
#include "tests/support/redis_server.h"
#include "tests/support/zookeeper_server.h"

namespace support {
namespace {

/// A server whose URL has its address between these two.
template <class Server>
class Served final : public CoordinationServer {
 public:
  Served(std::string before, std::string after)
      : before_(std::move(before)), after_(std::move(after)) {}

  std::uint16_t port() const override { return server_.port(); }
  using CoordinationServer::url;
  std::string url(std::uint16_t port, const std::string& options) const override {
    return before_ + "127.0.0.1:" + std::to_string(port) + after_ +
           (options.empty() ? "" : "?" + options);
  }
  void kill() override { server_.kill(); }
  void start() override { server_.start(); }
  void pause() override { server_.pause(); }
  void resume() override { server_.resume(); }

 private:
  Server server_;
  std::string before_;
  std::string after_;
};

template <class Server>
CoordinationKind kind(const std::string& name, const std::string& scheme,
                      const std::string& user = "", const std::string& path = "") {
  return {name, scheme,
          [=] { return std::make_unique<Served<Server>>(scheme + "://" + user, path); }};
}

}  // namespace

std::vector<CoordinationKind> coordination_kinds() {
  return {kind<EtcdServer>("etcd", "etcd3+http"),
          kind<MariadbServer>("mysql", "mysql", "test:test@", "/test"),
          kind<PostgresqlServer>("postgresql", "postgresql", "test:test@", "/postgres"),
          kind<MemcachedServer>("memcached", "memcached"),
          kind<RedisServer>("redis", "redis"),
          kind<ZookeeperServer>("zookeeper", "zookeeper")};
}

}  // namespace support
