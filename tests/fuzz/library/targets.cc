#include "tests/fuzz/library/targets.h"

#include "tests/fuzz/target.h"

namespace fuzz {

std::span<const Target> targets() noexcept {
  static constexpr Target kTargets[] = {
      {"url", fuzz_url},
      {"msgpack", fuzz_msgpack},
      {"value_json", fuzz_value_json},
      {"identity", fuzz_identity},
      {"members", fuzz_members},
      {"grpc", fuzz_grpc},
      {"etcd", fuzz_etcd},
      {"redis", fuzz_redis},
      {"memcached", fuzz_memcached},
      {"postgresql", fuzz_postgresql},
      {"zookeeper", fuzz_zookeeper},
      {"file", fuzz_file},
      {"ini", fuzz_ini},
      {"json_rpc", fuzz_json_rpc},
  };
  return kTargets;
}

}  // namespace fuzz
