#include "tooz/url.h"

#include <gtest/gtest.h>

#include "tooz/error.h"

namespace tooz {
namespace {

using namespace std::chrono_literals;

std::string refusal(std::string_view text) {
  try {
    parse_url(text);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kBadUrl);
    return e.what();
  }
  return "(accepted)";
}

TEST(Url, IsTakenApart) {
  const Url url =
      parse_url("etcd3+https://us%40er:p%3Aw@h1:1,[::1]:2,h3/some/path?timeout=5&a=b%26");
  EXPECT_EQ(url.scheme, "etcd3+https");
  EXPECT_EQ(url.user, "us@er");
  EXPECT_EQ(url.password, "p:w");
  ASSERT_EQ(url.hosts.size(), 3U);
  EXPECT_EQ(url.hosts[1].name, "::1");
  EXPECT_EQ(url.hosts[1].port, 2);
  EXPECT_EQ(url.hosts[2].port, 0);
  EXPECT_EQ(url.path, "/some/path");
  EXPECT_EQ(url.option("a"), "b&");
}

TEST(Url, HidesThePasswordWhereverItIsShown) {
  EXPECT_EQ(parse_url("redis://u:secret@h:1").safe(), "redis://u:***@h:1");
  for (const char* text : {"redis://u:secret@h:99999", "redis://u:sec%zzret@h", "u:secret@h"})
    EXPECT_EQ(refusal(text).find("secret"), std::string::npos) << text;
}

TEST(Url, NoHostAndOnlyAPathAreFine) {
  EXPECT_TRUE(parse_url("memory://").hosts.empty());
  EXPECT_EQ(parse_url("file:///var/lib/x").path, "/var/lib/x");
}

TEST(Url, TheLastOfARepeatedOptionWinsAndBlankOnesAreDropped) {
  const Url url = parse_url("etcd3://?timeout=1&timeout=2&lease=");
  EXPECT_EQ(url.duration("timeout"), 2s);
  EXPECT_EQ(url.option("lease"), std::nullopt);
}

TEST(Url, DurationsAreSecondsUnlessAUnitFollows) {
  const Url url = parse_url("x://?a=5&b=0.5&c=500ms&d=2m&e=-1&f=fast&g=1e99&h=nan");
  EXPECT_EQ(url.duration("a"), 5s);
  EXPECT_EQ(url.duration("b"), 500ms);
  EXPECT_EQ(url.duration("c"), 500ms);
  EXPECT_EQ(url.duration("d"), 2min);
  EXPECT_EQ(url.duration("none"), std::nullopt);
  for (const char* name : {"e", "f", "g", "h"})
    EXPECT_THROW(url.duration(name), Error) << name;
}

TEST(Url, BadOnesAreRefusedWithTheReason) {
  EXPECT_NE(refusal("").find("begins with scheme://"), std::string::npos);
  EXPECT_NE(refusal("://x").find("begins with scheme://"), std::string::npos);
  EXPECT_NE(refusal("etcd3://h:0").find("port `0`"), std::string::npos);
  EXPECT_NE(refusal("etcd3://h:abc").find("port `abc`"), std::string::npos);
  EXPECT_NE(refusal("etcd3://[::1").find("no closing ]"), std::string::npos);
  EXPECT_NE(refusal("etcd3://a,,b").find("a host is empty"), std::string::npos);
  EXPECT_NE(refusal("etcd3://a,").find("a host is empty"), std::string::npos);
  EXPECT_NE(refusal("etcd3://a?b").find("not name=value"), std::string::npos);
  EXPECT_NE(refusal("etcd3://a%00b").find("NUL in the host"), std::string::npos);
}

TEST(Url, AnUnknownOptionIsNamed) {
  static constexpr std::string_view kKnown[] = {"timeout"};
  const Url url = parse_url("etcd3://h?timeout=1&colour=red");
  try {
    url.accept_options(kKnown);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("unknown option `colour`"), std::string::npos);
  }
}

}  // namespace
}  // namespace tooz
