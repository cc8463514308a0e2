#include "inspector/api/testing/api_fixture.h"

namespace inspector::api_test {
namespace {

using BadInputTest = ApiFixture;

constexpr std::string_view kGot = "400 Invalid data: expected a JSON object, got ";

struct Body {
  std::string what;
  std::string text;
  std::string expected;  ///< where a JSON object is needed
};

std::vector<Body> bad_bodies() {
  const std::string got(kGot);
  const std::string too_deep = "400 Invalid data: JSON nested deeper than 64 levels";
  return {
      {"empty", "", got + "an empty body"},
      {"no JSON", "hello", got + "text that is not JSON (syntax error at byte 0)"},
      {"cut off", "{\"a\": 1", got + "text that is not JSON (incomplete JSON at byte 7)"},
      {"more behind it", "{} {}", got + "text that is not JSON (extra data at byte 3)"},
      {"list", "[1]", got + "list"},
      {"string", "\"a\"", got + "str"},
      {"number", "12", got + "int"},
      {"real number", "1e3", got + "float"},
      {"boolean", "false", got + "bool"},
      {"null", "null", got + "NoneType"},
      {"1 MB of nested lists", std::string(1 << 20, '['), too_deep},
      {"1 MB of nested objects",
       [] {
         std::string text;
         while (text.size() < 1 << 20)
           text += "{\"a\":";
         return text;
       }(),
       too_deep},
      {"bytes that are not UTF-8", "{\"a\": \"\xc3(\"}", "400 Invalid data: not valid UTF-8"},
      {"a name that is not UTF-8", "{\"\xff\": 1}", "400 Invalid data: not valid UTF-8"},
      {"NUL", std::string("{\"a\": \"\0\"}", 10),
       got + "text that is not JSON (syntax error at byte 7)"},
  };
}

TEST_F(BadInputTest, AReportThatIsNoneSaysWhy) {
  for (const Body& body : bad_bodies())
    EXPECT_EQ(refusal("POST", "/v1/continue", body.text), body.expected) << body.what;
  EXPECT_TRUE(conductor_.calls.empty());
}

TEST_F(BadInputTest, DataToReapplyThatIsNoneSaysWhy) {
  const std::string target = "/v1/introspection/" + std::string(kUuid) + "/data/unprocessed";
  for (const Body& body : bad_bodies()) {
    if (body.text.empty()) continue;  // the stored data, then
    std::string expected = body.expected;
    const bool no_json = expected.find("text that is not") != std::string::npos ||
                         expected.find("UTF-8") != std::string::npos;
    if (no_json) expected = std::string(kGot) + "None";
    EXPECT_EQ(refusal("POST", target, body.text), expected) << body.what;
  }
  EXPECT_TRUE(conductor_.calls.empty());
}

TEST_F(BadInputTest, NulsAndLongNamesInAReportAreAConductorsBusiness) {
  const std::string body = "{\"a\\u0000b\": \"\\u0000\", \"" + std::string(100000, 'x') + "\": 1}";
  EXPECT_EQ(send("POST", "/v1/continue", body).status, 200);
  EXPECT_EQ(conductor_.calls.size(), 1U);
}

TEST_F(BadInputTest, BodiesNobodyAskedForAreLeftAlone) {
  add_node(kUuid);
  const std::string node = "/v1/introspection/" + std::string(kUuid);
  for (const Body& body : bad_bodies()) {
    EXPECT_EQ(send("POST", node, body.text).status, 202) << body.what;
    EXPECT_EQ(send("POST", node + "/abort", body.text).status, 202) << body.what;
    EXPECT_EQ(send("GET", node, body.text).status, 200) << body.what;
    EXPECT_EQ(send("GET", "/v1/introspection", body.text).status, 200) << body.what;
    EXPECT_EQ(send("GET", "/", body.text).status, 200) << body.what;
  }
}

struct Name {
  std::string what;
  std::string segment;
  std::string expected;
};

std::vector<Name> bad_names() {
  const std::string not_utf8 = "400 Bad request: the URL is not valid UTF-8";
  const std::string control = "400 Bad request: the URL contains a control character";
  const std::string too_long = "400 Bad request: a node name has at most 255 characters";
  const std::string unknown = "404 " + std::string(kUnknownUrl);
  const auto none = [](const std::string& name) {
    return "404 Node " + name + " was not found in Ironic";
  };
  return {
      {"empty", "", unknown},
      {"a slash", "a%2Fb", unknown},
      {"one dot", ".", none(".")},
      {"two dots", "%2e%2e", none("..")},
      {"NUL", "a%00b", control},
      {"line feed", "a%0Ab", control},
      {"raw control character", "a\x01z", control},
      {"blank", "a%20b", none("a b")},
      {"query of Ironic", "a%3Ffields=x", none("a?fields=x")},
      {"quotes", "%27%22", none("'\"")},
      {"beyond ASCII", "gr%C3%BCn", none("gr\xc3\xbcn")},
      {"an escape that is none", "%zz", none("%zz")},
      {"not UTF-8", "%ff", not_utf8},
      {"not UTF-8, raw", "\xff", not_utf8},
      {"overlong form of NUL", "%c0%80", not_utf8},
      {"256 characters", std::string(256, 'a'), too_long},
      {"16 KB", std::string(16000, 'a'), too_long},
  };
}

TEST_F(BadInputTest, NamesThatNoNodeCanHave) {
  const std::pair<const char*, const char*> kRoutes[] = {{"GET", ""},
                                                         {"POST", ""},
                                                         {"POST", "/abort"},
                                                         {"GET", "/data"},
                                                         {"GET", "/data/unprocessed"},
                                                         {"POST", "/data/unprocessed"}};
  for (const auto& [method, rest] : kRoutes) {
    for (const Name& name : bad_names()) {
      if (name.segment.empty() && std::string_view(rest).empty()) continue;  // the list
      EXPECT_EQ(refusal(method, "/v1/introspection/" + name.segment + rest), name.expected)
          << method << " " << rest << ": " << name.what;
    }
  }
  EXPECT_TRUE(conductor_.calls.empty());
  EXPECT_EQ(ironic_.asked, 0);
}

TEST_F(BadInputTest, TargetsAndParametersThatAreNone) {
  const std::string control = "400 Bad request: the URL contains a control character";
  const std::pair<std::string, std::string> kCases[] = {
      {"/%ff", "400 Bad request: the URL is not valid UTF-8"},
      {"/v1/introspection?state=%ff", "400 Bad request: the URL is not valid UTF-8"},
      {"/v1/introspection?limit=%00", control},
      {"/v1/introspection?marker=a%0a", control},
      {"/v1/introspection?state=%7f", control},
      {"/v1/introspection?limit=%22'",
       "400 Bad request: invalid literal for int() with base 10: "
       "'\"\\''"},
      {"", "200"},
      {"*", "404 Version * not found."},
      {"/%00", control},
      {"/v1/%00", control},
  };
  for (const auto& [target, expected] : kCases) {
    if (expected == "200")
      EXPECT_EQ(send("GET", target).status, 200) << target;
    else
      EXPECT_EQ(refusal("GET", target), expected) << target;
  }
  EXPECT_EQ(refusal("GET", "/", "", {{"Host", "a b"}}),
            "400 Bad request: the Host header is not valid");
}

}  // namespace
}  // namespace inspector::api_test
