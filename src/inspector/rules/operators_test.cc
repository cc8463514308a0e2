#include "inspector/rules/operators.h"

#include "inspector/error.h"
#include "inspector/rules/python_error.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

/// `true`, `false`, `{Class}: {text}`, or why the parameters are refused.
std::string check(std::string_view name, std::string_view params, std::string_view field) {
  Effort effort(base::system_env());
  try {
    const Check made = find_operator(name)->make(json::parse(params).get_object());
    return made(json::parse(field), effort) ? "true" : "false";
  } catch (const PythonError& error) {
    return error.type() + ": " + error.what();
  } catch (const std::invalid_argument& error) {
    return error.what();
  } catch (const Error& error) {
    return error.what();
  }
}

struct Case {
  std::string_view name, params, field, expected;
};

TEST(RuleOperators, CompareAsPythonDoes) {
  const Case cases[] = {
      {"eq", R"({"value": 5})", "5.7", "true"},
      {"eq", R"({"value": 5})", "\" 5 \"", "true"},
      {"eq", R"({"value": 5.5})", "\"5.5\"", "true"},
      {"eq", R"({"value": "5"})", "5", "false"},
      {"eq", R"({"value": true})", "1", "true"},
      {"eq", R"({"value": [1, 2]})", "[1.0, 2]", "true"},
      {"eq", R"({"value": {"a": 1}})", R"({"a": 1})", "true"},
      {"ne", R"({"value": "a"})", "\"b\"", "true"},
      {"lt", R"({"value": 10})", "\"9\"", "true"},
      {"lt", R"({"value": "b"})", "\"a\"", "true"},
      {"le", R"({"value": 10})", "10", "true"},
      {"gt", R"({"value": 1e10})", "20000000000", "true"},
      {"ge", R"({"value": 18446744073709551615})", "18446744073709551614", "false"},
      {"eq", R"({"value": true})", "\"true\"",
       "ValueError: invalid literal for int() with base 10: 'true'"},
      {"eq", R"({"value": 1})", "\"x86_64\"",
       "ValueError: invalid literal for int() with base 10: 'x86_64'"},
      {"eq", R"({"value": 1.5})", "\"x\"", "ValueError: could not convert string to float: 'x'"},
      {"lt", R"({"value": "a"})", "1",
       "TypeError: '<' not supported between instances of 'int' and 'str'"},
      {"gt", R"({"value": 1})", "[]",
       "TypeError: int() argument must be a string, a bytes-like object or a real number, not "
       "'list'"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(check(each.name, each.params, each.field), each.expected)
        << each.name << each.params << each.field;
}

TEST(RuleOperators, NetworksAndExpressions) {
  const Case cases[] = {
      {"in-net", R"({"value": "10.0.0.0/8"})", "\"10.2.3.4\"", "true"},
      {"in-net", R"({"value": "10/8"})", "\"11.2.3.4\"", "false"},
      {"in-net", R"({"value": "10.0.0.0/255.0.0.0"})", "\"10.9.9.9\"", "true"},
      {"in-net", R"({"value": "fe80::/10"})", "\"fe80::1\"", "true"},
      {"in-net", R"({"value": "fe80::/10"})", "\"10.0.0.1\"", "false"},
      {"in-net", R"({"value": "0.0.0.0/8"})", "5", "true"},
      {"in-net", R"({"value": "10.2.3.4"})", "167904004", "true"},
      {"in-net", R"({"value": "0.0.0.1"})", "true", "true"},
      {"in-net", R"({"value": "0.0.0.0/0"})", "4294967296", "false"},
      {"in-net", R"({"value": "::1:0:0"})", "4294967296", "true"},
      {"in-net", R"({"value": "::ffff:ffff:ffff:ffff"})", "18446744073709551615", "true"},
      {"in-net", R"({"value": "10.0.0.0/8"})", "-1",
       "AddrFormatError: failed to detect a valid IP address from -1"},
      {"in-net", R"({"value": "10.0.0.0/8"})", "1.5",
       "TypeError: argument of type 'float' is not iterable"},
      {"in-net", R"({"value": "10.0.0.0/8"})", "null",
       "TypeError: argument of type 'NoneType' is not iterable"},
      {"in-net", R"({"value": "10.0.0.0/8"})", "[1]",
       "AttributeError: 'list' object has no attribute 'split'"},
      {"in-net", R"({"value": "10.0.0.0/8"})", "\"10.0.0.1/8\"",
       "ValueError: IPAddress() does not support netmasks or subnet prefixes! See documentation "
       "for "
       "details."},
      {"in-net", R"({"value": "10.0.0.0/8"})", "\"x\"",
       "AddrFormatError: failed to detect a valid IP address from 'x'"},
      {"matches", R"({"value": "a|ab"})", "\"ab\"", "true"},
      {"matches", R"({"value": "ab"})", "\"abc\"", "false"},
      {"matches", R"({"value": "b"})", "\"ab\"", "false"},
      {"matches", R"({"value": "(?!foo).*bar$"})", "\"xbar\"", "true"},
      {"matches", R"p({"value": "(?P<x>.)(?P=x)"})p", "\"aa\"", "true"},
      {"matches", R"({"value": "\\u00e9[\\u00e8\\U000000ea]"})", "\"\u00e9\u00ea\"", "true"},
      {"matches", R"({"value": "\\\\u00e9"})", R"("\\u00e9")", "true"},
      {"matches", R"({"value": "True"})", "true", "true"},
      {"contains", R"({"value": "\\w\\Z"})", R"("é")", "true"},
      {"contains", R"({"value": "'a', 1"})", R"(["a", 1])", "true"},
      {"contains", R"({"value": "[[]x"})", "\"[x\"", "true"},
      {"contains", R"({"value": "^a{,2}$"})", "\"aa\"", "true"},
      {"is-empty", "{}", "\"\"", "true"},
      {"is-empty", "{}", "null", "true"},
      {"is-empty", "{}", "{}", "true"},
      {"is-empty", "{}", "0", "false"},
      {"is-empty", "{}", "false", "false"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(check(each.name, each.params, each.field), each.expected)
        << each.name << each.params << each.field;
}

TEST(RuleOperators, RefuseParametersWithUpstreamsTexts) {
  const Case cases[] = {
      {"eq", "{}", "1", "missing required parameter(s): value"},
      {"eq", R"({"value": null})", "1", "missing required parameter(s): value"},
      {"eq", R"({"valu": 1, "x": 2})", "1",
       "missing required parameter(s): value; unexpected parameter(s): valu, x"},
      {"is-empty", R"({"value": 1})", "1", "unexpected parameter(s): value"},
      {"in-net", R"({"value": "zz"})", "1", "invalid value: invalid IPNetwork zz"},
      {"in-net", R"({"value": "10.0.0.0/33"})", "1",
       "invalid value: invalid IPNetwork 10.0.0.0/33"},
      {"matches", "{}", "1", "missing required parameter(s): value"},
      {"contains", R"({"value": 5})", "1", "value must be a string, got 5"},
      {"contains", R"({"value": "("})", "1",
       "invalid regular expression: missing closing parenthesis at position 1"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(check(each.name, each.params, each.field), each.expected) << each.name << each.params;
}

TEST(RuleOperators, AnExpressionThatNeverEndsIsGivenUp) {
  const std::string text = "\"" + std::string(5000, 'a') + "\"";
  EXPECT_NE(check("matches", R"({"value": "(a+)+b"})", text).find("were given up"),
            std::string::npos);
}

}  // namespace
}  // namespace inspector
