#include "inspector/ironic/answers.h"

#include <gtest/gtest.h>

namespace inspector::ironic {
namespace {

TEST(Answers, IronicsWordsAreFoundInEveryFormOfARefusal) {
  const struct {
    std::string_view body;
    std::string_view text;
  } kCases[] = {
      {R"({"error_message":"{\"faultcode\": \"Client\", \"faultstring\": \"Node u1 is locked\"}"})",
       "Node u1 is locked"},
      {R"({"error_message":{"faultcode":"Client","faultstring":"no such node"}})", "no such node"},
      {R"({"error_message":"plain words"})", "plain words"},
      {R"({"error":{"message":"Authentication required"}})", "Authentication required"},
      {R"({"error_message":null,"message":"m"})", "m"},
      {R"({"odd":[1]})", R"({"odd":[1]})"},
      {"\"text\\nin  two lines\"", "text in  two lines"},
      {"Service unavailable\r\n", "Service unavailable"},
      {"<html>Bad gateway</html>", "no explanation"},
      {"", "no explanation"},
      {R"({"error_message":""})", "no explanation"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(error_text(c.body), c.text) << c.body;
  EXPECT_LE(error_text(std::string(1'000'000, 'x')).size(), 1000U);
}

TEST(Answers, MicroversionsHaveMajorOne) {
  EXPECT_EQ(minor_version("1.82"), 82);
  EXPECT_EQ(minor_version("1.0"), 0);
  for (const std::string_view bad : {"", "1", "2.5", "1.", "1.x", "1.5.2", "1.-3", "1.99999999999"})
    EXPECT_FALSE(minor_version(bad)) << bad;
}

TEST(Answers, VersionsStandInHeadersOrInTheBody) {
  http::Response response;
  EXPECT_FALSE(versions_of(response));
  response.body = R"({"version":{"min_version":"1.5","version":"1.82"}})";
  ASSERT_TRUE(versions_of(response));
  EXPECT_EQ(versions_of(response)->least, 5);
  EXPECT_EQ(versions_of(response)->most, 82);
  response.headers = {{"x-openstack-ironic-api-maximum-version", "1.30"}};
  EXPECT_EQ(versions_of(response)->most, 30);
  for (const char* bad : {"[]", R"({"version":7})", R"({"version":{"version":7}})", "nonsense"}) {
    http::Response other;
    other.body = bad;
    EXPECT_FALSE(versions_of(other)) << bad;
  }
}

TEST(Answers, NextLinksAreFollowedWhereWeAreNotWhereIronicThinksItIs) {
  EXPECT_EQ(path_of_link("http://10.0.0.1:6385/v1/nodes?limit=1&marker=m"),
            "/v1/nodes?limit=1&marker=m");
  EXPECT_EQ(path_of_link("https://h/baremetal/v1/ports/detail"), "/v1/ports/detail");
  EXPECT_FALSE(path_of_link("http://h/v2/nodes"));
  EXPECT_FALSE(path_of_link(""));
  EXPECT_FALSE(path_of_link("http://h/v1/nodes?a=b c"));
  EXPECT_FALSE(path_of_link("http://h/v1/nodes\r\nX: y"));
}

TEST(Answers, SegmentsOfPathsAreEncoded) {
  EXPECT_EQ(encoded("node-1_a.b~"), "node-1_a.b~");
  EXPECT_EQ(encoded("52:54:00"), "52:54:00");
  EXPECT_EQ(encoded("a/b?c#d%e f"), "a%2Fb%3Fc%23d%25e%20f");
  EXPECT_EQ(encoded("ö"), "%C3%B6");
}

}  // namespace
}  // namespace inspector::ironic
