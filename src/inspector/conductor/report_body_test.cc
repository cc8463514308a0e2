#include "inspector/conductor/report_body.h"

#include "inspector/conductor/report_answers.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

constexpr std::string_view kReport =
    R"({"a":[1,-2.50,18446744073709551615,1e999,null],"logs":"bG9n","é":{"b":"\u20ac\u0001"}})";

TEST(PostedReport, ItsLogsLeaveIt) {
  const PostedReport posted(object(kReport));
  EXPECT_EQ(posted.logs, "bG9n");
  EXPECT_FALSE(posted.data.contains("logs"));
  EXPECT_EQ(posted.text, R"({"a": [1, -2.5, 18446744073709551615, 1e999, null], )"
                         R"("\u00e9": {"b": "\u20ac\u0001"}})");
}

TEST(PostedReport, LogsThatAreNoTextAreNone) {
  EXPECT_EQ(PostedReport(object(R"({"logs":[1]})")).text, "{}");
  EXPECT_EQ(PostedReport(object(R"({"logs":[1]})")).logs, "");
}

/// An API in front of conductors parses a report and serialises it anew.
TEST(PostedReport, HasTheSameDigestWhicheverWayItCame) {
  const auto again = [](std::string_view text) { return boost::json::serialize(object(text)); };
  constexpr std::string_view kFinite = R"({"a":[1,-2.50,1e22,-0.0],"logs":"eA==","é":"\u20ac"})";
  EXPECT_EQ(PostedReport(object(again(kFinite))).digest, PostedReport(object(kFinite)).digest);
}

/// Processes of other versions have written digests too, and answers beside them.
TEST(PostedReport, ItsDigestNeverChanges) {
  const std::string text = boost::json::serialize(object(kReport));
  EXPECT_EQ(PostedReport(object(kReport)).digest, sha256_hex(text));
  EXPECT_EQ(PostedReport(object(R"({"a":1})")).digest,
            "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
}

TEST(PostedReport, AnotherReportHasAnotherDigest) {
  const auto digest = [](std::string_view text) { return PostedReport(object(text)).digest; };
  EXPECT_NE(digest(R"({"a":1})"), digest(R"({"a":1.0})"));
  EXPECT_NE(digest(R"({"a":1})"), digest(R"({"a":1,"logs":"eA=="})"));
  EXPECT_NE(digest(R"({"a":1,"logs":"eQ=="})"), digest(R"({"a":1,"logs":"eA=="})"));
}

TEST(PostedReport, ItsBodyIsTheWholeAgain) {
  for (const char* text : {"{}", R"({"a":"b"})", R"({"logs":"x\"y"})", R"({"a":{},"logs":"eA=="})"})
    EXPECT_EQ(parse_kept_report(PostedReport(object(text)).body()), object(text)) << text;
}

}  // namespace
}  // namespace inspector
