#include "tooz/drivers/redis/options.h"

#include "tooz/testing/background.h"

namespace tooz::redis {
namespace {

using namespace std::chrono_literals;

Options options_of(std::string_view url) { return options_from(parse_url(url)); }

void refused(std::string_view url, std::string_view named) {
  try {
    options_of(url);
    ADD_FAILURE() << url << " was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kBadUrl);
    EXPECT_NE(std::string(e.what()).find(named), std::string::npos) << e.what();
  }
}

TEST(RedisOptions, NothingGivenIsTheLocalServer) {
  const Options options = options_of("redis://");
  ASSERT_EQ(options.hosts.size(), 1U);
  EXPECT_EQ(options.hosts[0].name, "localhost");
  EXPECT_EQ(options.hosts[0].port, 6379);
  EXPECT_EQ(options.timeout, 5s);
  EXPECT_FALSE(options.tls);
}

TEST(RedisOptions, AreNamedAsUpstreamNamesThem) {
  const Options options = options_of(
      "redis://:secret@h:1,[::1]:2?db=3&namespace=n&timeout=7&socket_timeout=2.5&"
      "socket_connect_timeout=1&ssl=True&ssl_ca_certs=/ca&ssl_certfile=/c&ssl_keyfile=/k&"
      "encoding=utf8&retry_on_timeout=yes&socket_keepalive=1&health_check_interval=9&"
      "membership_timeout=10&lock_timeout=20");
  EXPECT_EQ(options.hosts.size(), 2U);
  EXPECT_EQ(options.user, "");
  EXPECT_EQ(options.password, "secret");
  EXPECT_EQ(options.db, 3);
  EXPECT_EQ(options.space, "n");
  EXPECT_EQ(options.timeout, 2500ms);
  EXPECT_EQ(options.connect_timeout, 1s);
  EXPECT_TRUE(options.tls);
  EXPECT_EQ(options.files.ca, "/ca");
  EXPECT_EQ(options.name.find("secret"), std::string::npos);
  EXPECT_TRUE(options_of("rediss://h").tls);
  EXPECT_EQ(options_of("redis:///run/redis.sock").socket, "/run/redis.sock");
}

TEST(RedisOptions, SentinelsAreTheHostAndTheFallbacks) {
  const Options options = options_of(
      "redis://u:p@one:1?sentinel=m&sentinel_fallback=two:2&sentinel_fallback=[::3]:3&"
      "sentinel_username=su&sentinel_password=sp&sentinel_ssl=true");
  EXPECT_EQ(options.sentinel, "m");
  ASSERT_EQ(options.hosts.size(), 3U);
  EXPECT_EQ(options.hosts[1].name, "two");
  EXPECT_EQ(options.hosts[2].name, "::3");
  EXPECT_EQ(options.hosts[2].port, 3);
  EXPECT_EQ(options.sentinel_user, "su");
  EXPECT_EQ(options.sentinel_password, "sp");
  EXPECT_TRUE(options.sentinel_tls);
  EXPECT_FALSE(options.tls);
  EXPECT_EQ(options_of("redis://h?sentinel=m").hosts[0].port, 26379);
}

TEST(RedisOptions, WhatMakesNoSenseIsRefusedByName) {
  refused("redis://h?tls=yes", "tls");
  refused("redis://h?db=-1", "db");
  refused("redis://h?db=one", "db");
  refused("redis://h?ssl=maybe", "ssl");
  refused("rediss://h?ssl=false", "ssl");
  refused("redis://h?ssl_ca_certs=/ca", "certificates");
  refused("rediss://h?ssl_certfile=/c", "ssl_keyfile");
  refused("redis://h?socket_timeout=soon", "socket_timeout");
  refused("redis://h?sentinel_fallback=a:1", "sentinel_fallback");
  refused("redis://h?sentinel=m&sentinel_fallback=a:b", "");
  refused("redis://h/3", "db=1");
  refused("rediss:///run/redis.sock", "TLS");
  refused("redis:///run/redis.sock?sentinel=m", "sentinel");
  refused("redis://user@h", "password");
}

}  // namespace
}  // namespace tooz::redis
