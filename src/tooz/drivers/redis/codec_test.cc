#include "tooz/drivers/redis/codec.h"

#include <gtest/gtest.h>

namespace tooz::redis {
namespace {

Reply parse(std::string_view bytes) {
  ReplyReader reader;
  reader.feed(bytes);
  return reader.next().value();
}

TEST(RedisReply, IsReadWhereverTheBytesAreCut) {
  const std::string whole =
      "*3\r\n:-7\r\n$5\r\n" + std::string("a\r\n\0b", 5) + "\r\n*2\r\n$-1\r\n-ERR no\r\n";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    ReplyReader reader;
    reader.feed(std::string_view(whole).substr(0, cut));
    ASSERT_FALSE(reader.next()) << cut;
    reader.feed(std::string_view(whole).substr(cut));
    const auto reply = reader.next();
    ASSERT_TRUE(reply);
    ASSERT_EQ(reply->elements.size(), 3U);
    EXPECT_EQ(reply->elements[0].integer, -7);
    EXPECT_EQ(reply->elements[1].text, std::string("a\r\n\0b", 5));
    EXPECT_TRUE(reply->elements[2].elements[1].is_error("ERR"));
  }
}

TEST(RedisReply, OtherProtocolsAreNotUnderstood) {
  for (const char* bytes : {"HTTP/1.1 400 Bad Request\r\n", "\x15\x03\x01", "*x\r\n",
                            "$99999999999999999999\r\n", "*4000000000\r\n"}) {
    ReplyReader reader;
    EXPECT_THROW(
        {
          reader.feed(bytes);
          reader.next();
        },
        BadReply)
        << bytes;
  }
}

TEST(RedisReply, CommandsAreBinarySafe) {
  const std::string nul("a\0\r\n", 4);
  const std::vector<std::string_view> command{"SET", nul, {}};
  EXPECT_EQ(encode(command), "*3\r\n$3\r\nSET\r\n$4\r\n" + nul + "\r\n$0\r\n\r\n");
}

TEST(RedisCodec, ReadsAnEntry) {
  const auto entry = decode_entry("k", parse("*2\r\n$5\r\n1:2:3\r\n$1\r\nv\r\n"));
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->key, "k");
  EXPECT_EQ(entry->value, "v");
  EXPECT_EQ(entry->created, 1);
  EXPECT_EQ(entry->revision, 2);
  EXPECT_EQ(entry->owner, SessionId{3});
  EXPECT_EQ(decode_entry("k", parse("$-1\r\n")), std::nullopt);
}

TEST(RedisCodec, ReadsASnapshot) {
  const Snapshot all =
      decode_snapshot(parse("*4\r\n:9\r\n*1\r\n$1\r\nk\r\n*1\r\n$5\r\n1:2:0\r\n*1\r\n$1\r\nv\r\n"));
  EXPECT_EQ(all.at, 9);
  ASSERT_EQ(all.entries.size(), 1U);
  EXPECT_EQ(all.entries[0].key, "k");
  EXPECT_TRUE(decode_snapshot(parse("*4\r\n:9\r\n*0\r\n*0\r\n*0\r\n")).entries.empty());
}

TEST(RedisCodec, RefusesOtherShapes) {
  for (const char* bytes :
       {":1\r\n", "+OK\r\n", "*0\r\n", "*1\r\n$1\r\nv\r\n", "*2\r\n$3\r\n1:2\r\n$1\r\nv\r\n",
        "*2\r\n$5\r\n1:2:x\r\n$1\r\nv\r\n", "*2\r\n$6\r\n1:2:-3\r\n$1\r\nv\r\n",
        "*2\r\n$23\r\n99999999999999999999:2:3\r\n$1\r\nv\r\n", "*2\r\n$5\r\n1:2:3\r\n$-1\r\n"})
    EXPECT_THROW(decode_entry("k", parse(bytes)), BadReply) << bytes;
  for (const char* bytes :
       {"$-1\r\n", "*4\r\n:9\r\n*1\r\n$1\r\nk\r\n*0\r\n*0\r\n", "*4\r\n:9\r\n:1\r\n*0\r\n:1\r\n",
        "*4\r\n:9\r\n*1\r\n:1\r\n*1\r\n$5\r\n1:2:0\r\n*1\r\n$1\r\nv\r\n"})
    EXPECT_THROW(decode_snapshot(parse(bytes)), BadReply) << bytes;
  EXPECT_THROW(decode_recorded(parse("*1\r\n:1\r\n")), BadReply);
  for (const char* bytes :
       {"*2\r\n:9\r\n*1\r\n*2\r\n$1\r\n8\r\n$1\r\n8\r\n", "*1\r\n:9\r\n",
        "*2\r\n:9\r\n*1\r\n*3\r\n$1\r\nx\r\n$1\r\n8\r\n$1\r\nk\r\n", "*2\r\n:9\r\n*1\r\n:8\r\n"})
    EXPECT_THROW(decode_changes(parse(bytes)), BadReply) << bytes;
  EXPECT_THROW(decode_round(parse("*2\r\n:1\r\n:1\r\n")), BadReply);
}

TEST(RedisCodec, KnowsWhenNobodyRunsOut) {
  const Recorded none = decode_recorded(parse("*3\r\n:0\r\n:-1\r\n:7\r\n"));
  EXPECT_FALSE(none.any);
  EXPECT_EQ(none.next_end, std::nullopt);
  EXPECT_EQ(decode_recorded(parse("*3\r\n:1\r\n:250\r\n:7\r\n")).next_end,
            std::chrono::milliseconds(250));
}

TEST(RedisCodec, ReadsWhatHappened) {
  EXPECT_FALSE(decode_changes(parse("$-1\r\n")));
  const auto changes =
      decode_changes(parse("*2\r\n:9\r\n*3\r\n*3\r\n$1\r\n7\r\n$1\r\n5\r\n$1\r\na\r\n"
                           "*3\r\n$1\r\n8\r\n$1\r\n0\r\n$1\r\nb\r\n"
                           "*5\r\n$1\r\n9\r\n$1\r\n5\r\n$1\r\na\r\n$5\r\n5:9:3\r\n$1\r\nv\r\n"));
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->at, 9);
  ASSERT_EQ(changes->list.size(), 3U);
  EXPECT_FALSE(changes->list[0].value_known || changes->list[0].removed);
  EXPECT_EQ(changes->list[0].entry.created, 5);
  EXPECT_TRUE(changes->list[1].removed);
  EXPECT_TRUE(changes->list[2].value_known);
  EXPECT_EQ(changes->list[2].entry.value, "v");
  EXPECT_EQ(changes->list[2].entry.owner, SessionId{3});
}

TEST(RedisCodec, FindsInInfoWhatMatters) {
  const ServerInfo info = decode_info(
      "# Server\r\nredis_version:7.0.15\r\nmaxmemory:100\r\nmaxmemory_policy:allkeys-lfu\r\n"
      "role:master\r\n");
  EXPECT_EQ(info.version, 7);
  EXPECT_TRUE(info.master);
  EXPECT_TRUE(info.evicts);
  EXPECT_FALSE(decode_info("role:slave\r\nmaxmemory:0\r\nmaxmemory_policy:allkeys-lru").evicts);
  EXPECT_FALSE(decode_info("role:slave").master);
  EXPECT_EQ(decode_info("").version, 0);
  EXPECT_EQ(decode_info("redis_version:\r\nrole").version, 0);
}

TEST(RedisCodec, APrefixIsARangeOfBytes) {
  EXPECT_EQ(lex_range("").first, "-");
  EXPECT_EQ(lex_range("").end, "+");
  EXPECT_EQ(lex_range("p/").first, "[p/");
  EXPECT_EQ(lex_range("p/").end, "(p0");
  EXPECT_EQ(lex_range("a\xff\xff").end, "(b");
  EXPECT_EQ(lex_range("\xff").end, "+");
  EXPECT_EQ(lex_range("\x7f").end, "(\x80");
}

}  // namespace
}  // namespace tooz::redis
