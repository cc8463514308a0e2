#include "tooz/drivers/etcd/exchange.h"

#include <gtest/gtest.h>

namespace tooz::etcd {
namespace {

constexpr std::uint32_t kNoError = 0;

struct Answer {
  explicit Answer(bool stays_open = false)
      : call(std::make_shared<Call>(
            base::system_env(), Request{.path = "/x", .message = "", .stays_open = stays_open})),
        exchange(call, {}) {}
  std::shared_ptr<Call> call;
  Exchange exchange;
};

TEST(EtcdExchange, AnswerWithTrailersIsGood) {
  Answer answer;
  answer.exchange.header(":status", "200");
  EXPECT_TRUE(answer.exchange.data(frame("reply")));
  answer.exchange.header("grpc-status", "0");
  EXPECT_TRUE(answer.exchange.status(kNoError).ok());
  EXPECT_EQ(answer.call->take_message(), "reply");
}

TEST(EtcdExchange, ErrorsMayComeInTrailersAlone) {
  Answer answer;
  answer.exchange.header(":status", "200");
  answer.exchange.header("grpc-status", "7");
  answer.exchange.header("grpc-message", "permission%20denied");
  const Status status = answer.exchange.status(kNoError);
  EXPECT_EQ(status.code, Code::kPermissionDenied);
  EXPECT_EQ(status.message, "permission denied");
}

TEST(EtcdExchange, APageOfAProxyIsNoAnswer) {
  Answer answer;
  answer.exchange.header(":status", "503");
  EXPECT_TRUE(answer.exchange.data("<html>down</html>"));
  EXPECT_EQ(answer.exchange.status(kNoError).code, Code::kUnavailable);
}

TEST(EtcdExchange, AStreamThatEndsWithoutStatusIsNoAnswer) {
  Answer answer;
  answer.exchange.header(":status", "200");
  EXPECT_TRUE(answer.exchange.data(frame("reply")));
  EXPECT_EQ(answer.exchange.status(8).code, Code::kUnavailable);
}

TEST(EtcdExchange, AnAnswerThatIsCutOffIsNone) {
  Answer answer;
  answer.exchange.header(":status", "200");
  EXPECT_TRUE(answer.exchange.data(frame("reply").substr(0, 7)));
  answer.exchange.header("grpc-status", "0");
  EXPECT_EQ(answer.exchange.status(kNoError).code, Code::kInternal);
}

TEST(EtcdExchange, MoreThanWasAskedForEndsTheCall) {
  Answer one;
  one.exchange.header(":status", "200");
  EXPECT_FALSE(one.exchange.data(frame("a") + frame("b")));
  EXPECT_EQ(one.exchange.status(kNoError).code, Code::kResourceExhausted);

  Answer watch(true);
  watch.exchange.header(":status", "200");
  bool taken = true;
  for (int i = 0; i < 1000 && taken; ++i)
    taken = watch.exchange.data(frame("event"));
  EXPECT_FALSE(taken) << "a watch that nobody reads is bounded";
}

}  // namespace
}  // namespace tooz::etcd
