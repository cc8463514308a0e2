#pragma once
#include <string_view>

namespace fuzz {

void fuzz_url(std::string_view bytes);
void fuzz_msgpack(std::string_view bytes);
void fuzz_value_json(std::string_view bytes);
void fuzz_identity(std::string_view bytes);
void fuzz_members(std::string_view bytes);
void fuzz_grpc(std::string_view bytes);
void fuzz_etcd(std::string_view bytes);
void fuzz_redis(std::string_view bytes);
void fuzz_memcached(std::string_view bytes);
void fuzz_postgresql(std::string_view bytes);
void fuzz_zookeeper(std::string_view bytes);
void fuzz_file(std::string_view bytes);
void fuzz_ini(std::string_view bytes);
void fuzz_json_rpc(std::string_view bytes);

}  // namespace fuzz
