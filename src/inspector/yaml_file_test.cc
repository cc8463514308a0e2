#include "inspector/yaml_file.h"

#include <yaml-cpp/yaml.h>

#include <gtest/gtest.h>

namespace inspector {
namespace {

std::string refusal(std::string_view text) {
  try {
    load_yaml(text);
  } catch (const YAML::Exception& error) {
    return error.what();
  }
  return "taken";
}

TEST(YamlFile, AQuoteThatIsNeverClosedIsRefused) {
  for (const char* text : {"a: \"role:x\n", "a: 'role:x\n", "a: \"", "a: b\n\"c: d\n",
                           "a:\n- \"x\n", "a: 'it''s\n", "a: \"b\n\n\n"})
    EXPECT_NE(refusal(text).find("a quoted text is not closed"), std::string::npos) << text;
}

TEST(YamlFile, WhatWouldBeReadInPartIsRefused) {
  for (const std::string text : {"---\na: b\n---\nc: d\n", "  a: b\n c: d\n", "a: b\n...\nc: d\n"})
    EXPECT_NE(refusal(text).find("more than one document"), std::string::npos) << text;
  EXPECT_NE(refusal(std::string_view("a: \0b\n", 6)).find("line 1, column 4: a NUL"),
            std::string::npos);
}

TEST(YamlFile, OneDocumentIsTakenHoweverItEnds) {
  for (const char* text : {"a: b", "a: b\n", "---\na: b\n", "a: b\n...\n", "a: b\n...\n# end\n",
                           "# c\na: \"b\"", "{\"a\": \"b\"}", "a: |\n  b", "a: >-\n  b\n",
                           "\xEF\xBB\xBF"
                           "a: 'b'\n",
                           "%YAML 1.2\n---\na: b"})
    EXPECT_EQ(load_yaml(text)["a"].as<std::string>().front(), 'b') << text;
  EXPECT_TRUE(load_yaml("").IsNull());
  EXPECT_TRUE(load_yaml("# nothing\n").IsNull());
}

}  // namespace
}  // namespace inspector
