#include "inspector/api/json_body.h"

#include "inspector/error.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>
#include <functional>

namespace inspector {
namespace {

std::string refusal(const std::string& body, std::string_view not_json = "") {
  try {
    parse_object(body, not_json);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadRequest);
    return error.what();
  }
  return "accepted";
}

std::string nested(int levels) {
  std::string text = "{\"a\":";
  text.append(static_cast<std::size_t>(levels), '[');
  text.append(static_cast<std::size_t>(levels), ']');
  return text + "}";
}

TEST(JsonBody, AnObjectIsTaken) {
  EXPECT_EQ(parse_object("{\"a\": [1, \"\\u0000\"]}").at("a").as_array().size(), 2U);
  EXPECT_EQ(refusal(" {} "), "accepted");
}

TEST(JsonBody, OtherJsonIsNamedAsPythonDoes) {
  const std::pair<const char*, const char*> kCases[] = {{"[]", "list"},   {"\"x\"", "str"},
                                                        {"1", "int"},     {"1.5", "float"},
                                                        {"true", "bool"}, {"null", "NoneType"}};
  for (const auto& [body, type] : kCases)
    EXPECT_EQ(refusal(body), "Invalid data: expected a JSON object, got " + std::string(type));
}

TEST(JsonBody, WhatIsNoJsonSaysWhere) {
  EXPECT_EQ(refusal(""), "Invalid data: expected a JSON object, got an empty body");
  EXPECT_EQ(refusal("{\"a\": nope}").substr(0, 72),
            "Invalid data: expected a JSON object, got text that is not JSON (syntax ");
  EXPECT_EQ(refusal("{\"a\": 1} x").substr(0, 63),
            "Invalid data: expected a JSON object, got text that is not JSON");
  EXPECT_EQ(refusal("{\"a\":").substr(0, 63),
            "Invalid data: expected a JSON object, got text that is not JSON");
  EXPECT_EQ(refusal("nope", "None"), "Invalid data: expected a JSON object, got None");
}

TEST(JsonBody, WhatARamdiskInPythonMayWriteIsTaken) {
  const std::string body = "\xEF\xBB\xBF{\"a\": [NaN, -Infinity, \"x\\udce4\"]}";
  EXPECT_EQ(boost::json::serialize(parse_object(body)), "{\"a\":[null,null,\"x\xEF\xBF\xBD\"]}");
  EXPECT_EQ(parse_report(body)["a"].as_array().size(), 3U);
  EXPECT_EQ(
      refusal("{\"a\": NaN, }"),
      "Invalid data: expected a JSON object, got text that is not JSON (syntax error at byte 6)");
  EXPECT_EQ(refusal("NaN"), "Invalid data: expected a JSON object, got NoneType");
}

TEST(JsonBody, BytesThatAreNotUtf8AreRefused) {
  EXPECT_EQ(refusal("{\"a\": \"\xff\"}"), "Invalid data: not valid UTF-8");
}

TEST(JsonBody, NestingIsBounded) {
  EXPECT_EQ(refusal(nested(60)), "accepted");
  EXPECT_EQ(refusal(nested(65)), "Invalid data: JSON nested deeper than 64 levels");
  EXPECT_EQ(refusal(nested(500000)), "Invalid data: JSON nested deeper than 64 levels");
  EXPECT_EQ(refusal(std::string(1 << 20, '['), "None"),
            "Invalid data: JSON nested deeper than 64 levels");
}

TEST(JsonBody, WhatASmallBodyBecomesInMemoryIsBounded) {
  std::string body = "{\"a\":[0";
  while (body.size() < 200000)
    body += ",0";
  body += "]}";
  EXPECT_EQ(refusal(body), "accepted");
  const std::function<void()> parsings[] = {[&] { parse_object(body, "", 1000000); },
                                            [&] { parse_report(body, 1000000); }};
  for (const auto& parsing : parsings) {
    try {
      parsing();
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "Invalid data: takes too much memory");
    }
  }
}

TEST(JsonBody, AReportIsRefusedAsAnyOther) {
  for (const std::string& body : std::vector<std::string>{"", "[]", "{", "null", "{\"a\":1} x"}) {
    std::string why = "accepted";
    try {
      parse_report(body);
    } catch (const Error& error) {
      why = error.what();
    }
    EXPECT_EQ(why, refusal(body)) << body;
  }
}

TEST(JsonBody, AReportCanBeChangedAndOutlivesTheParsing) {
  ParsedReport report = parse_report(R"({"a":[1,{"b":"c"}]})");
  report["d"] = std::string(10000, 'x');
  report["a"].as_array().push_back("e");
  EXPECT_EQ(report["a"], boost::json::parse(R"([1,{"b":"c"},"e"])"));
  EXPECT_EQ(report["d"].as_string().size(), 10000U);
}

TEST(JsonBody, BigReportsAtTheSameTimeDoNotShareTheirMemory) {
  const auto body = [](char c) { return R"({"a":[")" + std::string(300000, c) + R"("]})"; };
  const auto text = [](const ParsedReport& report) { return boost::json::serialize(report); };
  auto first = std::make_unique<ParsedReport>(parse_report(body('x')));
  const ParsedReport second = parse_report(body('y'));
  EXPECT_EQ(text(*first), body('x'));
  first.reset();
  const ParsedReport third = parse_report(body('z'));
  EXPECT_EQ(text(second), body('y'));
  EXPECT_EQ(text(third), body('z'));
}

TEST(JsonBody, AReportLargerThanTheKeptMemoryIsWhole) {
  std::string body = R"({"a":[0)";
  for (int i = 0; i < 1000000; ++i)
    body += ",0";
  body += "]}";
  EXPECT_EQ(boost::json::serialize(parse_report(body)), body);
}

}  // namespace
}  // namespace inspector
