#include "tooz/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace tooz {
namespace {

std::string hex(std::string_view bytes) {
  std::string out;
  char digits[3];
  for (const unsigned char c : bytes) {
    std::snprintf(digits, sizeof digits, "%02x", c);
    out += digits;
  }
  return out;
}

// What Python's msgpackutils writes for the same values.
TEST(Value, IsEncodedAsPythonDoes) {
  EXPECT_EQ(hex(to_msgpack(nullptr)), "c0");
  EXPECT_EQ(hex(to_msgpack(Value::Bytes{""})), "c400");
  EXPECT_EQ(hex(to_msgpack(Value::Map{})), "80");
  EXPECT_EQ(hex(to_msgpack(Value::Map{{"rpc", "http://h:1"}, {"weight", 2}})),
            "82a3727063aa687474703a2f2f683a31a677656967687402");
  const Value nested = Value::Map{{"a", Value::List{1, true, nullptr, 1.5, -1, "\xc3\xa9"}},
                                  {"b", Value::Map{{"c", Value::Bytes{"x"}}}}};
  EXPECT_EQ(hex(to_msgpack(nested)), "82a1619601c3c0cb3ff8000000000000ffa2c3a9a16281a163c40178");
}

TEST(Value, ComesBackAsItWasWritten) {
  Value::List sizes;
  for (const std::int64_t i : {0L, 127L, 128L, 255L, 256L, 65535L, 65536L, 4294967296L, -1L, -32L,
                               -33L, -128L, -129L, -32768L, -32769L, -2147483649L})
    sizes.push_back(Value(i));
  sizes.push_back(std::numeric_limits<std::int64_t>::min());
  sizes.push_back(std::numeric_limits<std::int64_t>::max());
  for (const std::size_t n : {0UL, 31UL, 32UL, 255UL, 256UL, 70000UL}) {
    sizes.push_back(std::string(n, 't'));
    sizes.push_back(Value::Bytes{std::string(n, '\0')});
  }
  sizes.push_back(Value::List(20, Value(1)));
  const Value value = sizes;
  EXPECT_EQ(from_msgpack(to_msgpack(value)), value);
}

TEST(Value, BytesThatAreNoMsgpackAreRefused) {
  const std::string_view bad[] = {"",
                                  "\xc1",
                                  "\x92\x01",
                                  "\xa5"
                                  "ab",
                                  "\xdd\xff\xff\xff\xff",
                                  "\xc0\xc0",
                                  "\xc6\xff\xff\xff\xff",
                                  "\xdf\xff\xff\xff\xff"};
  for (const auto bytes : bad)
    EXPECT_THROW(from_msgpack(bytes), BadValue) << hex(bytes);
  EXPECT_THROW(from_msgpack(std::string(100000, '\x91')), BadValue);
}

TEST(Value, ExtensionTypesBecomeTheirBytes) {
  EXPECT_EQ(from_msgpack(std::string_view("\xc7\x02\x00"
                                          "ab",
                                          5)),
            Value(Value::Bytes{"ab"}));
}

TEST(Value, MapKeysThatAreNotTextBecomeText) {
  const Value v = from_msgpack("\x82\x01\xc3\xc4\x01k\xc2");
  ASSERT_NE(v.find("1"), nullptr);
  ASSERT_NE(v.find("k"), nullptr);
  EXPECT_EQ(*v.find("k"), Value(false));
}

TEST(Value, IsShownAsJsonAndReadFromIt) {
  const Value v = from_json(R"({"a":[1,2.5,null,true,"x"],"b":{}})");
  EXPECT_EQ(to_json(v), R"({"a":[1,2.5E0,null,true,"x"],"b":{}})");
  EXPECT_EQ(to_json(Value::Bytes{"\xff\x01"}), R"({"bytes":"ff01"})");
  EXPECT_EQ(to_json(Value::Bytes{"plain"}), R"("plain")");
  for (const char* bad : {"", "{", "[1] 2", "nope", "{\"a\":\xff}"})
    EXPECT_THROW(from_json(bad), BadValue) << bad;
}

}  // namespace
}  // namespace tooz
