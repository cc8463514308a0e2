#include "inspector/api/access_line.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

using namespace std::chrono_literals;

std::string line(std::string_view format) {
  const http::Request request{.method = "GET", .target = "/v1?a=b", .peer = "192.0.2.1"};
  const http::Response response{.status = 404, .body = "12345"};
  return access_line(format, {request, response, 1500us, {}});
}

TEST(AccessLine, UpstreamsFormat) {
  EXPECT_EQ(line("%(client_ip)s \"%(request_line)s\" status: %(status_code)s  len: "
                 "%(body_length)s time: %(wall_seconds).7f"),
            "192.0.2.1 \"GET /v1?a=b HTTP/1.1\" status: 404  len: 5 time: 0.0015000");
}

TEST(AccessLine, WidthsAndPercentSigns) {
  EXPECT_EQ(line("%(status_code)5d%% %(wall_seconds)f %(client_port)s"), "  404% 0.001500 0");
}

TEST(AccessLine, AFormatThatCannotBeFilledInIsNamed) {
  const auto refusal = [](std::string_view format) -> std::string {
    try {
      check_access_format(format);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(refusal("%(date_time)s plain"), "accepted");
  EXPECT_EQ(refusal("%(nope)s"), "an unknown field 'nope'");
  EXPECT_EQ(refusal("100%"), "a % that is followed by neither (name) nor %");
  EXPECT_EQ(refusal("%(client_ip"), "a % that is followed by neither (name) nor %");
  EXPECT_EQ(refusal("%(client_ip)"), "a field without s, d or f behind it");
  EXPECT_EQ(refusal("%(client_ip)99s"), "a number that is too large");
}

}  // namespace
}  // namespace inspector
