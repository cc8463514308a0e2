#include "tooz/drivers/etcd/grpc_framing.h"

#include <gtest/gtest.h>

namespace tooz::etcd {
namespace {

using namespace std::string_literals;

TEST(GrpcFraming, PrefixIsFlagAndBigEndianLength) {
  EXPECT_EQ(frame("abc"), "\0\0\0\0\3abc"s);
  EXPECT_EQ(frame(""), "\0\0\0\0\0"s);
  EXPECT_EQ(frame(std::string(0x010203, 'x')).substr(0, 5), "\0\0\1\2\3"s);
}

TEST(GrpcFraming, MessagesComeOutOfAnyCutting) {
  const std::string stream = frame("one") + frame("") + frame(std::string(300, 'z'));
  for (const std::size_t step : {std::size_t{1}, std::size_t{4}, std::size_t{7}, stream.size()}) {
    Deframer deframer(1000);
    std::vector<std::string> messages;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      deframer.add(std::string_view(stream).substr(at, step));
      while (auto message = deframer.next())
        messages.push_back(std::move(*message));
    }
    EXPECT_EQ(messages, (std::vector<std::string>{"one", "", std::string(300, 'z')})) << step;
    EXPECT_FALSE(deframer.partial());
  }
}

TEST(GrpcFraming, AMessageThatIsCutOffIsSeen) {
  Deframer deframer(1000);
  deframer.add(frame("abc").substr(0, 6));
  EXPECT_EQ(deframer.next(), std::nullopt);
  EXPECT_TRUE(deframer.partial());
}

TEST(GrpcFraming, TooLongIsRefusedBeforeItsBytesCome) {
  Deframer deframer(10);
  deframer.add(frame(std::string(10, 'x')));
  EXPECT_EQ(deframer.next(), std::string(10, 'x'));
  deframer.add("\0\xff\xff\xff\xff"s);
  EXPECT_THROW(deframer.next(), BadFrame);
}

TEST(GrpcFraming, CompressedIsRefused) {
  Deframer deframer(10);
  deframer.add("\1\0\0\0\1x"s);
  EXPECT_THROW(deframer.next(), BadFrame);
}

}  // namespace
}  // namespace tooz::etcd
