#include "inspector/service/endpoint.h"

#include "base/ini.h"
#include "inspector/service/coordination.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

constexpr const char* kNear = "etcd3://127.0.0.1:2379";
constexpr const char* kFar = "etcd3://192.0.2.1:2379";

RpcOptions options(const std::string& address, const std::string& advertise = "",
                   bool tls = false) {
  RpcOptions result;
  result.server.address = address;
  result.server.tls = tls;
  result.advertise = advertise;
  return result;
}

TEST(Endpoint, IsWhatIsAdvertised) {
  const auto url = [](const std::string& advertise, bool tls = false) {
    return endpoint_url(options("::", advertise, tls), 8099, "host", kNear);
  };
  EXPECT_EQ(url("https://proxy.example/rpc"), "https://proxy.example/rpc");
  EXPECT_EQ(url("one.example"), "http://one.example:8099");
  EXPECT_EQ(url("one.example:9"), "http://one.example:9");
  EXPECT_EQ(url("one.example", true), "https://one.example:8099");
  EXPECT_EQ(url("2001:db8::1"), "http://[2001:db8::1]:8099");
  EXPECT_EQ(url("[2001:db8::1]"), "http://[2001:db8::1]:8099");
  EXPECT_EQ(url("[2001:db8::1]:9"), "http://[2001:db8::1]:9");
}

TEST(Endpoint, IsTheOneAddressThatIsListenedOn) {
  EXPECT_EQ(endpoint_url(options("192.0.2.5"), 8099, "host", kNear), "http://192.0.2.5:8099");
  EXPECT_EQ(endpoint_url(options("2001:db8::5"), 8099, "host", kNear), "http://[2001:db8::5]:8099");
}

TEST(Endpoint, IsTheHostWhenOthersCanUseItsName) {
  EXPECT_EQ(endpoint_url(options("::"), 8099, "192.0.2.7", kFar), "http://192.0.2.7:8099");
  EXPECT_EQ(endpoint_url(options("::"), 8099, "localhost", kNear), "http://localhost:8099");
}

TEST(Endpoint, IsTheAddressTowardsTheBackendWhenTheNameIsOfNoUse) {
  EXPECT_EQ(endpoint_url(options("0.0.0.0"), 8099, "no such host", kNear), "http://127.0.0.1:8099");
}

TEST(Lease, IsTheUrlsSmallerTimeoutElseTenSeconds) {
  using namespace std::chrono_literals;
  EXPECT_EQ(lease_of("etcd3://h"), 10s);
  EXPECT_EQ(lease_of("etcd3://h?timeout=3"), 10s);
  EXPECT_EQ(lease_of("etcd3://h?membership_timeout=30"), 30s);
  EXPECT_EQ(lease_of("etcd3://h?membership_timeout=30&lock_timeout=4"), 4s);
}

}  // namespace
}  // namespace inspector
