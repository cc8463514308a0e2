#include "tooz/drivers/etcd/codec.h"

#include <gtest/gtest.h>

namespace tooz::etcd {
namespace {

using namespace std::string_literals;

TEST(EtcdCodec, RangeEndsAfterEveryKeyOfThePrefix) {
  EXPECT_EQ(range_end("tooz/groups/g/"), "tooz/groups/g0");
  EXPECT_EQ(range_end("a\xff\xff"), "b");
  EXPECT_EQ(range_end("\xff"), "\0"s);
  EXPECT_EQ(range_end(""), "\0"s);
}

// The bytes are those of etcd's rpc.proto; a wrong field number would show here and nowhere else.
TEST(EtcdCodec, RequestsHaveEtcdsFieldNumbers) {
  EXPECT_EQ(encode_get("k"), "\x0a\x01k"s);
  EXPECT_EQ(encode_list("k"), "\x0a\x01k\x12\x01l"s);
  EXPECT_EQ(encode_grant(10), "\x08\x0a"s);
  EXPECT_EQ(encode_watch("k", 5), "\x0a\x08\x0a\x01k\x12\x01l\x18\x05"s);
  EXPECT_EQ(encode_authenticate("u", "p"), "\x0a\x01u\x12\x01p"s);
}

TEST(EtcdCodec, RepliesThatAreNoneAreRefused) {
  for (const auto& bytes : {"\xff\xff\xff"s, "\x0a\x7f"s}) {
    EXPECT_THROW(decode_range(bytes), BadReply);
    EXPECT_THROW(decode_txn(bytes), BadReply);
    EXPECT_THROW(decode_watch(bytes), BadReply);
    EXPECT_THROW(decode_keep_alive(bytes), BadReply);
  }
  EXPECT_THROW(decode_grant(""), BadReply) << "a lease without id";
  const std::string for_ever = "\x18\xff\xff\xff\xff\xff\xff\xff\xff\x7f";  // ttl = 2^63 - 1
  EXPECT_THROW(decode_grant("\x10\x01" + for_ever), BadReply);
  EXPECT_THROW(decode_keep_alive(for_ever), BadReply);
}

TEST(EtcdCodec, RefusalsMeanWhatCallersBranchOn) {
  struct Case {
    Code code;
    const char* message;
    Errc errc;
  };
  for (const Case& one : std::initializer_list<Case>{
           {Code::kNotFound, "etcdserver: requested lease not found", Errc::kSessionLost},
           {Code::kInvalidArgument, "etcdserver: request is too large", Errc::kTooLarge},
           {Code::kResourceExhausted, "trying to send message larger than max", Errc::kTooLarge},
           {Code::kResourceExhausted, "etcdserver: too many requests", Errc::kUnreachable},
           {Code::kInvalidArgument, "etcdserver: user name is empty", Errc::kDenied},
           {Code::kInvalidArgument,
            "etcdserver: authentication failed, invalid user ID or password", Errc::kDenied},
           {Code::kPermissionDenied, "etcdserver: permission denied", Errc::kDenied},
           {Code::kUnauthenticated, "etcdserver: invalid auth token", Errc::kDenied},
           {Code::kUnavailable, "etcdserver: no leader", Errc::kUnreachable},
           {Code::kDeadlineExceeded, "", Errc::kUnreachable},
           {Code::kUnknown, "anything", Errc::kUnreachable},
       })
    EXPECT_EQ(errc_of({one.code, one.message}), one.errc) << one.message;
}

}  // namespace
}  // namespace tooz::etcd
