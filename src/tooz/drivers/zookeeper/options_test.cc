#include "tooz/drivers/zookeeper/options.h"

#include "tooz/error.h"

#include <gtest/gtest.h>

namespace tooz::zookeeper {
namespace {

using Hosts = std::vector<std::string>;
using namespace std::chrono_literals;

Options of(const std::string& url) { return options_from(parse_url(url)); }

std::string refusal(const std::string& url) {
  try {
    of(url);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadUrl);
    return error.what();
  }
  return "taken";
}

bool names(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

TEST(ZookeeperOptions, HostsComeFromTheUrlAndFromTheOption) {
  EXPECT_EQ(of("zookeeper://").hosts, Hosts{"localhost:2181"});
  EXPECT_EQ(of("kazoo://a,b:1").hosts, (Hosts{"a:2181", "b:1"}));
  EXPECT_EQ(of("zookeeper://a?hosts=b,c:3").hosts, (Hosts{"a:2181", "b:2181", "c:3"}));
  EXPECT_EQ(of("zookeeper://[::1]:5?hosts=[::2],[::3]:7").hosts,
            (Hosts{"::1:5", "::2:2181", "::3:7"}));
  EXPECT_TRUE(names(refusal("zookeeper://?hosts=a:x"), "`a:x`"));
  EXPECT_TRUE(names(refusal("zookeeper://?hosts=a,,b"), "`hosts`"));
  EXPECT_TRUE(names(refusal("zookeeper://?hosts=:1"), "`hosts`"));
}

TEST(ZookeeperOptions, UpstreamsOptionsAreKnown) {
  const Options options =
      of("zookeeper://u:p@a?timeout=2.5&namespace=my.space/x&randomize_hosts=False"
         "&handler=threading&membership_timeout=3&lock_timeout=4&use_ssl=false");
  EXPECT_EQ(options.timeout, 2500ms);
  EXPECT_EQ(options.root, "/my.space/x");
  EXPECT_FALSE(options.shuffle);
  EXPECT_EQ(options.credentials, "u:p");
  EXPECT_TRUE(of("zookeeper://?randomize_hosts=Yes").shuffle);
  EXPECT_EQ(of("zookeeper://").root, "/tooz-cc");
}

TEST(ZookeeperOptions, WhatCannotBeIsRefusedByName) {
  EXPECT_TRUE(names(refusal("zookeeper://?retry=1"), "retry"));
  EXPECT_TRUE(names(refusal("zookeeper://?timeout=soon"), "soon"));
  EXPECT_TRUE(names(refusal("zookeeper://?lock_timeout=-1"), "lock_timeout"));
  EXPECT_TRUE(names(refusal("zookeeper:///path"), "/path"));
  EXPECT_TRUE(names(refusal("zookeeper://u@a"), "password"));
  for (const std::string bad : {"a//b", "..", "a/./b", "zookeeper", "%01", "a%20b"})
    EXPECT_TRUE(names(refusal("zookeeper://?namespace=" + bad), "`namespace`")) << bad;
}

TEST(ZookeeperOptions, TlsIsRefusedByName) {
  for (const std::string option :
       {"use_ssl=True", "ca=x", "certfile=x", "keyfile=x", "verify_certs=1", "keyfile_password=x"})
    EXPECT_TRUE(names(refusal("zookeeper://?" + option), "TLS")) << option;
}

TEST(ZookeeperOptions, NoTextShowsThePassword) {
  EXPECT_FALSE(names(of("zookeeper://u:secret@a").name, "secret"));
  EXPECT_FALSE(names(refusal("zookeeper://u:secret@a/path?x=1"), "secret"));
}

}  // namespace
}  // namespace tooz::zookeeper
