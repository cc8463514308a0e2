#include "tooz/drivers/memcached_wire/protocol.h"

#include <gtest/gtest.h>

namespace tooz::memcached {
namespace {

TEST(MemcachedProtocol, ItemsAreReadWhereverTheBytesAreCut) {
  const std::string whole = "VALUE a 0 5 17\r\n" + std::string("x\r\n\0y", 5) +
                            "\r\nVALUE b 1 0\r\n\r\nEND\r\nSTORED\r\n";
  for (std::size_t cut = 0; cut < whole.size() - 8; ++cut) {
    Buffer buffer(whole.substr(0, cut));
    ASSERT_FALSE(take_items(buffer)) << cut;
    ASSERT_EQ(buffer.size(), cut);
  }
  Buffer buffer(whole);
  const auto items = take_items(buffer);
  ASSERT_TRUE(items);
  ASSERT_EQ(items->size(), 2U);
  EXPECT_EQ(items->at(0).key, "a");
  EXPECT_EQ(items->at(0).data, std::string_view("x\r\n\0y", 5));
  EXPECT_EQ(items->at(0).unique, 17U);
  EXPECT_EQ(items->at(1).data, "");
  EXPECT_EQ(take_line(buffer), "STORED");
  EXPECT_EQ(buffer, "");
}

TEST(MemcachedProtocol, ErrorsAreRefusalsAndLeaveWhatFollows) {
  for (const std::string error : {"ERROR", "CLIENT_ERROR bad data", "SERVER_ERROR out of memory"}) {
    Buffer buffer(error + "\r\nEND\r\n");
    EXPECT_THROW(take_items(buffer), Refused);
    EXPECT_TRUE(take_items(buffer)->empty());
    buffer = error + "\r\nSTORED\r\n";
    EXPECT_THROW(take_line(buffer), Refused);
    EXPECT_EQ(take_line(buffer), "STORED");
    buffer = error + "\r\n";
    EXPECT_THROW(take_time(buffer), Refused);
  }
}

TEST(MemcachedProtocol, WhatNoServerSendsIsNotUnderstood) {
  for (const std::string bytes :
       {"VALUE\r\n", "VALUE a\r\n", "VALUE a 0\r\n", "VALUE a 0 x\r\n", "VALUE a 0 -1\r\n",
        "VALUE a 0 1 x\r\nb\r\nEND\r\n", "VALUE  0 1\r\nb\r\n", "VALUE a 0 1\r\nbcd\r\n",
        "VALUE a 0 99999999999999999999999\r\n", "VALUE a 0 999999999999\r\n", "HTTP/1.1 400\r\n",
        "\r\n"}) {
    Buffer buffer(bytes);
    EXPECT_THROW(take_items(buffer), BadReply) << bytes;
  }
  Buffer endless(std::string(5000, 'x'));
  EXPECT_THROW(take_line(endless), BadReply);
  Buffer statistics("STAT pid 7\r\nEND\r\n");
  EXPECT_THROW(take_time(statistics), BadReply) << "no time";
  statistics = "STAT time soon\r\nEND\r\n";
  EXPECT_THROW(take_time(statistics), BadReply);
  statistics = "VALUE a 0 1\r\n";
  EXPECT_THROW(take_time(statistics), BadReply);
}

TEST(MemcachedProtocol, TheClockStandsAmongTheStatistics) {
  Buffer buffer("STAT pid 7\r\nSTAT time 1795368800\r\nSTAT uptime 3\r\nEND\r\nOK\r\n");
  EXPECT_EQ(take_time(buffer), 1795368800);
  EXPECT_EQ(buffer, "OK\r\n");
  buffer = "STAT time 1\r\n";
  EXPECT_FALSE(take_time(buffer));
}

TEST(MemcachedProtocol, WritesCommands) {
  EXPECT_EQ(encode({"add", "k", "v\r\n"}), "add k 0 0 3\r\nv\r\n\r\n");
  EXPECT_EQ(encode({"set", "k", "", 60}), "set k 0 60 0\r\n\r\n");
  EXPECT_EQ(encode({"cas", "k", "v", -1, 17}), "cas k 0 -1 1 17\r\nv\r\n");
}

}  // namespace
}  // namespace tooz::memcached
