#include "inspector/rules/json_path.h"

#include "inspector/error.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

struct Case {
  std::string path;
  std::string expected;
};

std::string found(const std::string& path, const json::value& document) {
  Effort effort(base::system_env());
  const JsonPath parsed(path);
  const PathMatches matches = parsed.find(document, effort);
  json::array values;
  for (const json::value* each : matches.values())
    values.push_back(*each);
  return json::serialize(values);
}

const json::value kDocument = json::parse(R"({"a": {"b": [1, {"c": "x"}, null], "d e": 5,
  "p": {"c": "y", "q": 7}}, "l": [{"n": "eth0", "m": 1}, {"n": "eth1"}], "s": "abc", "n": null,
  "e": []})");

// What jsonpath_rw 1.4 finds.
TEST(JsonPath, FindsWhatThePythonServiceFinds) {
  const Case cases[] = {
      {"a.b", R"([[1,{"c":"x"},null]])"},
      {"a.b[0]", "[1]"},
      {"a.b[-1]", "[null]"},
      {"a.b[5]", "[]"},
      {"a.b[0:2]", R"([1,{"c":"x"}])"},
      {"a.b[1:]", R"([{"c":"x"},null])"},
      {"a.b[:-1]", R"([1,{"c":"x"}])"},
      {"a.b[*].c", R"(["x"])"},
      {"l[*].n", R"(["eth0","eth1"])"},
      {"a..c", R"(["x","y"])"},
      {"$..c", R"(["x","y"])"},
      {"*..c", R"(["x","y"])"},
      {"a.*", R"([[1,{"c":"x"},null],5,{"c":"y","q":7}])"},
      {"a.'d e'", "[5]"},
      {"a['d e']", "[5]"},
      {"a[\"d e\"]", "[5]"},
      {"l[0].n,m", R"(["eth0",1])"},
      {"l[0]['n','m']", R"(["eth0",1])"},
      {"a.b|s", R"([[1,{"c":"x"},null]])"},
      {"a.b|s[0]", "[1]"},
      {"(n|s)", R"([null,"abc"])"},
      {"a.(b|p)", R"([[1,{"c":"x"},null],{"c":"y","q":7}])"},
      {"l[*] where m", R"([{"n":"eth0","m":1}])"},
      {"a.p.q.`parent`.c", R"(["y"])"},
      {"a.p.`this`.q", "[7]"},
      {"s[0]", R"(["a"])"},
      {"s[*]", R"(["abc"])"},
      {"a.p[0:1].q", "[7]"},
      {"$.l[1].n", R"(["eth1"])"},
      {"a.p.$.s", R"(["abc"])"},
      {"a.p..*", R"(["y",7])"},
      {" a . p . q ", "[7]"},
      {"n", "[null]"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(found(each.path, kDocument), each.expected) << each.path;
}

TEST(JsonPath, StepsThatLeadNowhereFindNothing) {
  for (const char* path : {"missing", "l.n", "l.*", "s.x", "e[*]", "e[-1]", "a[0]", "n[0]", "@",
                           "`parent`", "a.b[9223372036854775807]", "a.b[-99999999999999999999]"})
    EXPECT_EQ(found(path, kDocument), "[]") << path;
}

TEST(JsonPath, RefusesWhatIsNoPathWithUpstreamsTexts) {
  const Case cases[] = {
      {"", "'NoneType' object has no attribute 'lineno'"},
      {"x[", "'NoneType' object has no attribute 'lineno'"},
      {"a.", "'NoneType' object has no attribute 'lineno'"},
      {"x]", "Parse error at 1:1 near token ] (])"},
      {"a b", "Parse error at 1:2 near token b (ID)"},
      {"[?(@.a)]", "Error on line 1, col 1: Unexpected character: ? "},
      {"a[0,1]", "Parse error at 1:3 near token , (,)"},
      {"1", "Parse error at 1:0 near token 1 (NUMBER)"},
      {"'abc", "Unexpected EOF in string literal or identifier"},
      {"`len`", "Unknown named operator `len` at 1:4"},
      {"where", "Parse error at 1:0 near token where (WHERE)"},
      {"..c", "Parse error at 1:0 near token .. (DOUBLEDOT)"},
      {"x[a:b]", "Parse error at 1:3 near token : (:)"},
      {"\xC3\xA9", "Error on line 1, col 0: Unexpected character: \xC3\xA9 "},
      {"a\n#", "Error on line 2, col 1: Unexpected character: # "},
      {std::string("a\0b", 3), "Error on line 1, col 1: Unexpected character: \\x00 "},
      {std::string("a'b\0c'", 6), "Parse error at 1:5 near token b\\x00c (ID)"},
      {std::string("`\0`", 3), "Unknown named operator `\\x00` at 1:2"},
      {"a&b", "the operator & is not supported"},
  };
  for (const Case& each : cases) {
    try {
      const JsonPath path(each.path);
      ADD_FAILURE() << "accepted: " << each.path;
    } catch (const std::invalid_argument& error) {
      EXPECT_EQ(error.what(), each.expected) << each.path;
    }
  }
}

TEST(JsonPath, NestingHasAnEnd) {
  EXPECT_THROW(JsonPath(std::string(100, '(') + "a" + std::string(100, ')')),
               std::invalid_argument);
  std::string longest = "a";
  for (int i = 0; i < 10000; ++i)
    longest += "..a";
  EXPECT_THROW(JsonPath{longest}, std::invalid_argument);
}

TEST(JsonPath, GivesUpWhatMultipliesItsMatches) {
  json::value deep = json::parse("{}");
  for (int i = 0; i < 60; ++i) {
    json::object outer;
    outer["a"] = std::move(deep);
    outer["b"] = i;
    deep = std::move(outer);
  }
  EXPECT_THROW(found("$..*..*..*..*..*..*", deep), Error);
  std::string doubled = "(`this`|`this`)";
  for (int i = 0; i < 30; ++i)
    doubled += ".(`this`|`this`)";
  EXPECT_THROW(found(doubled, deep), Error);
}

}  // namespace
}  // namespace inspector
