#include "tooz/driver.h"
#include "tooz/drivers/file/file.h"
#include "tooz/drivers/memory/memory_backend.h"
#ifdef TOOZ_WITH_ETCD
#include "tooz/drivers/etcd/etcd.h"
#endif
#ifdef TOOZ_WITH_MYSQL
#include "tooz/drivers/mysql/mysql.h"
#endif
#ifdef TOOZ_WITH_POSTGRESQL
#include "tooz/drivers/postgresql/postgresql.h"
#endif
#ifdef TOOZ_WITH_MEMCACHED
#include "tooz/drivers/memcached/memcached.h"
#endif
#ifdef TOOZ_WITH_REDIS
#include "tooz/drivers/redis/redis.h"
#endif
#ifdef TOOZ_WITH_ZOOKEEPER
#include "tooz/drivers/zookeeper/zookeeper.h"
#endif

#include <vector>

namespace tooz {

std::span<const Driver> drivers() noexcept {
  static const std::vector<Driver> table{
#ifdef TOOZ_WITH_ETCD
      Driver{"etcd3", kEtcdFeatures, open_etcd},
      Driver{"etcd3+http", kEtcdFeatures, open_etcd},
      Driver{"etcd3+https", kEtcdFeatures, open_etcd},
#endif
#ifdef TOOZ_WITH_POSTGRESQL
      Driver{"postgresql", kPostgresqlFeatures, open_postgresql},
#endif
#ifdef TOOZ_WITH_MYSQL
      Driver{"mysql", kMysqlFeatures, open_mysql},
#endif
#ifdef TOOZ_WITH_MEMCACHED
      Driver{"memcached", kMemcachedFeatures, open_memcached},
#endif
#ifdef TOOZ_WITH_REDIS
      Driver{"redis", kRedisFeatures, open_redis},
      Driver{"rediss", kRedisFeatures, open_redis},
#endif
#ifdef TOOZ_WITH_ZOOKEEPER
      Driver{"zookeeper", kZookeeperFeatures, open_zookeeper},
      Driver{"kazoo", kZookeeperFeatures, open_zookeeper},
#endif
      Driver{"file", kFileFeatures, open_file},
      Driver{"memory", memory_features(), open_memory},
  };
  return table;
}

std::span<const std::string_view> drivers_left_out() noexcept {
  static const std::vector<std::string_view> schemes{
#ifndef TOOZ_WITH_ETCD
      "etcd3",      "etcd3+http", "etcd3+https",
#endif
#ifndef TOOZ_WITH_POSTGRESQL
      "postgresql",
#endif
#ifndef TOOZ_WITH_MYSQL
      "mysql",
#endif
#ifndef TOOZ_WITH_MEMCACHED
      "memcached",
#endif
#ifndef TOOZ_WITH_REDIS
      "redis",      "rediss",
#endif
#ifndef TOOZ_WITH_ZOOKEEPER
      "zookeeper",  "kazoo",
#endif
  };
  return schemes;
}

}  // namespace tooz
