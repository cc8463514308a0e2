#include "inspector/read_json.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

TEST(StrictJson, PutsWhatOnlyPythonWritesIntoJson) {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"\xEF\xBB\xBF{}", "{}"},
      {R"({"a": NaN, "b": [Infinity, -Infinity]})", R"({"a": null, "b": [null, null]})"},
      {R"("\ud800")", R"("\ufffd")"},
      {R"("\udce4\ud83d\ude00\ud83dx")", R"("\ufffd\ud83d\ude00\ufffdx")"},
      {R"("\ud800\ud800\udc00")", R"("\ufffd\ud800\udc00")"},
      {R"("\ud800)", R"("\ufffd)"},
  };
  for (const auto& [text, expected] : kCases)
    EXPECT_EQ(strict_json(text), expected) << text;
}

TEST(StrictJson, LeavesTheRestAlone) {
  for (const std::string_view text :
       {"", "{}", R"("NaN, \\ud800, \"Infinity")", R"(["\\", "\"NaN"])", R"("\u00e9\ud83d\ude00")",
        "\"\\", "\"\\u", "\"\\ud8", R"("\uzzzz")", "nul", "{"})
    EXPECT_EQ(strict_json(text), std::nullopt) << text;
}

TEST(ReadJson, TakesAllThatTheApiTakes) {
  boost::json::error_code error;
  const std::string deep = std::string(70, '[') + std::string(70, ']');
  EXPECT_TRUE(read_json(deep, error).is_array());
  EXPECT_FALSE(error);
  EXPECT_EQ(read_json(R"({"a": "x\udce4"})", error).at("a").as_string(), "x\uFFFD");
  EXPECT_FALSE(error);
  read_json(std::string(100000, '['), error);
  EXPECT_EQ(error, boost::json::error::too_deep);
  read_json("{\"a\": NaN", error);
  EXPECT_TRUE(error);
}

}  // namespace
}  // namespace inspector
