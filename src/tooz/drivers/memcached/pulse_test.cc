#include "tooz/drivers/memcached/pulse.h"

#include "tooz/drivers/memcached/options.h"
#include "tooz/testing/background.h"

namespace tooz::memcached {
namespace {

using namespace std::chrono_literals;

TEST(MemcachedPulse, AMarkIsReadAsItWasWritten) {
  const Mark ripe{"17", 1795368800, true};
  const Mark fresh{"-", 5, false};
  EXPECT_EQ(decode_mark(encode(ripe)), ripe);
  EXPECT_EQ(decode_mark(encode(fresh)), fresh);
  for (const char* text :
       {"", "1", "1 2", "1 x ripe", "1 2 old", "1  new", "1 2 ripe ", "1 2 3 new"})
    EXPECT_EQ(decode_mark(text), std::nullopt) << text;
}

TEST(MemcachedPulse, TheFirstLookOnlyLeavesAMark) {
  const Verdict verdict = judge(std::nullopt, {"1", 100, 101}, 1s);
  EXPECT_FALSE(verdict.dead);
  EXPECT_EQ(verdict.mark, (Mark{"1", 101, false}));
}

TEST(MemcachedPulse, AMarkIsRipeWhenTheClockHasMovedOn) {
  const Mark fresh{"1", 100, false};
  const Verdict same = judge(fresh, {"1", 100, 100}, 1s);
  EXPECT_FALSE(same.dead);
  EXPECT_EQ(same.mark, std::nullopt);
  const Verdict later = judge(fresh, {"1", 500, 500}, 1s);
  EXPECT_FALSE(later.dead) << "a mark that is not ripe may have been late by any time";
  EXPECT_EQ(later.mark, (Mark{"1", 500, true}));
}

TEST(MemcachedPulse, WhoWasNotRenewedForItsLifeIsDead) {
  const Mark ripe{"7", 100, true};
  EXPECT_FALSE(judge(ripe, {"7", 110, 115}, 10s).dead);
  EXPECT_TRUE(judge(ripe, {"7", 111, 111}, 10s).dead);
  EXPECT_FALSE(judge(ripe, {"7", 111, 111}, 10001ms).dead);
  EXPECT_EQ(judge(ripe, {"7", 110, 115}, 10s).mark, std::nullopt);
}

TEST(MemcachedPulse, ARenewalBeginsAnew) {
  const Verdict verdict = judge(Mark{"7", 100, true}, {"8", 200, 200}, 10s);
  EXPECT_FALSE(verdict.dead);
  EXPECT_EQ(verdict.mark, (Mark{"8", 200, false}));
}

TEST(MemcachedPulse, ThatTheBeatIsGoneProvesNothingAtFirst) {
  const Verdict verdict = judge(Mark{"7", 100, true}, {"-", 200, 200}, 10s);
  EXPECT_FALSE(verdict.dead) << "it may have been evicted just after a renewal";
  EXPECT_TRUE(judge(Mark{"-", 200, true}, {"-", 211, 211}, 10s).dead);
}

TEST(MemcachedPulse, AClockThatWentBackBeginsAnew) {
  const Verdict verdict = judge(Mark{"7", 100, true}, {"7", 5, 5}, 10s);
  EXPECT_FALSE(verdict.dead);
  EXPECT_EQ(verdict.mark, (Mark{"7", 5, false}));
}

void refused(std::string_view url, std::string_view named) {
  try {
    options_from(parse_url(url));
    ADD_FAILURE() << url << " was taken";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kBadUrl);
    EXPECT_NE(std::string(e.what()).find(named), std::string::npos) << e.what();
  }
}

TEST(MemcachedOptions, TheDefaultOfUpstreamIsTaken) {
  const Options options = options_from(parse_url("memcached://localhost:11211"));
  EXPECT_EQ(options.host.name, "localhost");
  EXPECT_EQ(options.host.port, 11211);
  EXPECT_EQ(options.timeout, 5s);
  EXPECT_EQ(options_from(parse_url("memcached://")).host.port, 11211);
  EXPECT_EQ(options_from(parse_url("memcached://h?timeout=2&max_pool_size=5&leader_timeout=3"
                                   "&membership_timeout=4&lock_timeout=5"))
                .timeout,
            2s);
}

TEST(MemcachedOptions, WhatMakesNoSenseIsRefusedByName) {
  refused("memcached://h?use_ssl=true", "TLS");
  refused("memcached://h?ca_cert=/ca", "ca_cert");
  refused("memcached://h?ssl_check_hostname=true", "ssl_check_hostname");
  refused("memcached://h?servers=2", "servers");
  refused("memcached://a,b", "one server");
  refused("memcached://h/path", "/path");
  refused("memcached://user:secret@h", "login");
  refused("memcached://h?timeout=soon", "timeout");
}

}  // namespace
}  // namespace tooz::memcached
