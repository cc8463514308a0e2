#include "tooz/drivers/etcd/grpc_status.h"

#include <gtest/gtest.h>

namespace tooz::etcd {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST(GrpcStatus, KnowsCodesAndTakesAllElseForUnknown) {
  EXPECT_EQ(code_from_header("0"), Code::kOk);
  EXPECT_EQ(code_from_header("14"), Code::kUnavailable);
  for (const auto* text : {"", "17", "-1", "1x", "x", "99999999999999999999"})
    EXPECT_EQ(code_from_header(text), Code::kUnknown) << text;
}

TEST(GrpcStatus, ProxyAnswerBecomesACode) {
  EXPECT_EQ(code_from_http(503), Code::kUnavailable);
  EXPECT_EQ(code_from_http(403), Code::kPermissionDenied);
  EXPECT_EQ(code_from_http(418), Code::kUnknown);
}

TEST(GrpcStatus, MessageEscapesAreUndone) {
  EXPECT_EQ(percent_decode("plain text"), "plain text");
  EXPECT_EQ(percent_decode("caf%C3%A9 100%25%0a"), "caf\xc3\xa9 100%\n");
}

TEST(GrpcStatus, BrokenEscapesStayAsTheyAre) {
  for (const auto* text : {"%", "%4", "%zz", "a%4", "%4g", "100% sure"})
    EXPECT_EQ(percent_decode(text), text);
  EXPECT_EQ(percent_decode("%%41"), "%A");
}

TEST(GrpcStatus, TimeoutIsRoundedUpAndNeverZeroNorTooLong) {
  EXPECT_EQ(timeout_header(milliseconds(5000)), "5000m");
  EXPECT_EQ(timeout_header(microseconds(1001)), "2m");
  EXPECT_EQ(timeout_header(milliseconds(0)), "1m");
  EXPECT_EQ(timeout_header(milliseconds(-7)), "1m");
  EXPECT_EQ(timeout_header(std::chrono::hours(24 * 365)), "99999999m");
}

}  // namespace
}  // namespace tooz::etcd
