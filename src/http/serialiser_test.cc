#include "http/serialiser.h"

#include <gtest/gtest.h>

namespace http {
namespace {

const std::chrono::system_clock::time_point kWhen{std::chrono::seconds(784111777)};

TEST(Serialiser, WritesUpperCaseReasonsAndTheLength) {
  const Outgoing out =
      serialise(Response{.status = 404, .body = "gone"}, {.keep_alive = true}, kWhen);
  EXPECT_EQ(out.head,
            "HTTP/1.1 404 NOT FOUND\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Length: 4\r\n\r\ngone");
  EXPECT_TRUE(out.keep_alive);
}

TEST(Serialiser, TellsHeadTheLengthAndSendsNoBody) {
  const Outgoing out = serialise(Response{.body = "12345"}, {.head_only = true}, kWhen);
  EXPECT_NE(out.head.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(out.head.ends_with("\r\n\r\n"));
  EXPECT_TRUE(out.body.empty());
}

TEST(Serialiser, GivesNoContentNeitherBodyNorLength) {
  const Outgoing out = serialise(Response{.status = 204, .body = "x"}, {.keep_alive = true}, kWhen);
  EXPECT_EQ(out.head.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(out.head.ends_with("GMT\r\n\r\n"));
}

TEST(Serialiser, LetsNoHeaderBreakOut) {
  const Outgoing out = serialise(
      Response{.headers = {{"Location", "/a\r\nSet-Cookie: b"}, {"Content-Length", "99"}}}, {},
      kWhen);
  EXPECT_NE(out.head.find("Location: /a  Set-Cookie: b\r\n"), std::string::npos);
  EXPECT_EQ(out.head.find("Content-Length: 99"), std::string::npos);
}

TEST(Serialiser, SaysWhatBecomesOfTheConnection) {
  const auto head = [](AnswerForm form, Headers headers) {
    return serialise(Response{.headers = std::move(headers)}, form, kWhen).head;
  };
  EXPECT_NE(head({}, {}).find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(head({.keep_alive = true}, {}).find("Connection"), std::string::npos);
  EXPECT_NE(head({.keep_alive = true, .http10 = true}, {}).find("Connection: keep-alive\r\n"),
            std::string::npos);
  EXPECT_NE(head({.keep_alive = true}, {{"connection", "Close"}}).find("Connection: close\r\n"),
            std::string::npos);
}

TEST(Serialiser, LeavesALargeBodyWhereItIs) {
  const Outgoing out = serialise(Response{.body = std::string(100000, 'x')}, {}, kWhen);
  EXPECT_TRUE(out.head.ends_with("\r\n\r\n"));
  EXPECT_EQ(out.body.size(), 100000U);
}

TEST(FindHeader, DoesNotCareAboutCase) {
  const Headers headers{{"X-One", "1"}, {"x-one", "2"}};
  EXPECT_EQ(find_header(headers, "X-ONE"), "1");
  EXPECT_EQ(find_header(headers, "X-On"), std::nullopt);
}

}  // namespace
}  // namespace http
