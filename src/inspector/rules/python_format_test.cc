#include "inspector/rules/python_format.h"

#include "inspector/error.h"
#include "inspector/rules/python_error.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

const json::value kData = json::parse(R"({"i": 42, "n": -7, "f": 3.14159, "big": 12345678,
  "s": "héllo", "t": true, "none": null, "l": [1, "two", {"k": "v"}], "d": {"k": "v"}, "w": 8,
  "whole": 2.0, "e": 1e20, "wide": 1000000000})");

/// What it becomes, or `{Class}: {text}`.
std::string formatted(const std::string& text) {
  Effort effort(base::system_env());
  try {
    return python_format(text, kData, effort);
  } catch (const PythonError& error) {
    return error.type() + ": " + error.what();
  }
}

struct Case {
  std::string text;
  std::string expected;
};

// Both tables are what Python 3.11 answers.
TEST(PythonFormat, FormatsAsPythonDoes) {
  const Case cases[] = {
      {"plain", "plain"},
      {"{{x}}", "{x}"},
      {"<{data[i]}>", "<42>"},
      {"{data[l][0]}", "1"},
      {"{data[l][2][k]}", "v"},
      {"{data[d]}", "{'k': 'v'}"},
      {"{data[t]} {data[none]} {data[f]}", "True None 3.14159"},
      {"{data[i]:05d}", "00042"},
      {"{data[i]:#X}", "0X2A"},
      {"{data[i]:b}", "101010"},
      {"{data[n]:05d}", "-0007"},
      {"{data[i]:*^7}", "**42***"},
      {"{data[big]:,}", "12,345,678"},
      {"{data[big]:_x}", "bc_614e"},
      {"{data[big]:015,}", "000,012,345,678"},
      {"{data[f]:08.3f}", "0003.142"},
      {"{data[f]:e}", "3.141590e+00"},
      {"{data[f]:.3}", "3.14"},
      {"{data[whole]:.3}", "2.0"},
      {"{data[e]}", "1e+20"},
      {"{data[f]:%}", "314.159000%"},
      {"{data[i]:.1f}", "42.0"},
      {"{data[s]:10}|", "héllo     |"},
      {"{data[s]:.2}", "hé"},
      {"{data[s]:é<8}", "hélloééé"},
      {"{data[s]!r}", "'héllo'"},
      {"{data[s]!a}", "'h\\xe9llo'"},
      {"{data[s]!s:>7}", "  héllo"},
      {"{data[i]:{data[w]}}", "      42"},
      {"{data[t]:5}", "    1"},
      {"{data[s][1]}", "é"},
      {"{data[i]:c}", "*"},
      {"{data[f]:010.2e}", "003.14e+00"},
      {"{data[big]:,.2f}", "12,345,678.00"},
      {"{data[n]:=+6d}", "-    7"},
      {"{data[s]:05}", "héllo"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(formatted(each.text), each.expected) << each.text;
}

TEST(PythonFormat, NamesAttributesAsPythonDoes) {
  const Case cases[] = {
      {"{data[i].real}", "42"},
      {"{data[i].real.denominator:02}", "01"},
      {"{data[t].numerator}", "1"},
      {"{data[f].imag}", "0.0"},
      {"{data.__class__}", "<class 'dict'>"},
      {"{data.keys}", "<built-in method keys of dict object at 0x7f0000000000>"},
      {"{data.fromkeys}", "<built-in method fromkeys of type object at 0x7f0000000000>"},
      {"{data[l].append}", "<built-in method append of list object at 0x7f0000000000>"},
      {"{data[f].numerator}", "AttributeError: 'float' object has no attribute 'numerator'"},
      {"{data[l].keys}", "AttributeError: 'list' object has no attribute 'keys'"},
      {"{data[s].append}", "AttributeError: 'str' object has no attribute 'append'"},
      {"{data.clear copy}", "AttributeError: 'dict' object has no attribute 'clear copy'"},
  };
  for (const Case& each : cases)
    EXPECT_EQ(formatted(each.text), each.expected) << each.text;
}

TEST(PythonFormat, FailsAsPythonDoes) {
  const Case cases[] = {
      {"{data[nope]}", "KeyError: 'nope'"},
      {"{foo}", "KeyError: 'foo'"},
      {"{}", "IndexError: Replacement index 0 out of range for positional args tuple"},
      {"{data[l][x]}", "TypeError: list indices must be integers or slices, not str"},
      {"{data[l][9]}", "IndexError: list index out of range"},
      {"{data[i][0]}", "TypeError: 'int' object is not subscriptable"},
      {"{data[d][0]}", "KeyError: 0"},
      {"{data.x}", "AttributeError: 'dict' object has no attribute 'x'"},
      {"{data[i]", "ValueError: expected '}' before end of string"},
      {"a}b", "ValueError: Single '}' encountered in format string"},
      {"{", "ValueError: Single '{' encountered in format string"},
      {"{data[s]:d}", "ValueError: Unknown format code 'd' for object of type 'str'"},
      {"{data[i]:s}", "ValueError: Unknown format code 's' for object of type 'int'"},
      {"{data[d]:5}", "TypeError: unsupported format string passed to dict.__format__"},
      {"{data[i]:.2d}", "ValueError: Precision not allowed in integer format specifier"},
      {"{data[s]:+}", "ValueError: Sign not allowed in string format specifier"},
      {"{data[s]:=5}", "ValueError: '=' alignment not allowed in string format specifier"},
      {"{data[i]!q}", "ValueError: Unknown conversion specifier q"},
      {"{data[]}", "ValueError: Empty attribute in format string"},
      {"{data[i]x}", "ValueError: Only '.' or '[' may follow ']' in format field specifier"},
      {"{data[i]:{data[w]:{data[w]}}}", "ValueError: Max string recursion exceeded"},
      {"{data[f]:.}", "ValueError: Format specifier missing precision"},
      {"{data[i]:,x}", "ValueError: Cannot specify ',' with 'x'."},
  };
  for (const Case& each : cases)
    EXPECT_EQ(formatted(each.text), each.expected) << each.text;
}

TEST(PythonFormat, WidthsFromAReportTakeNoMemory) {
  Effort effort(base::system_env());
  EXPECT_THROW(python_format("{data[i]:{data[wide]}}", kData, effort), Error);
  EXPECT_THROW(python_format("{data[f]:.1000000000f}", kData, effort), Error);
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "{data[i]:1000000}";
  EXPECT_THROW(python_format(many, kData, effort), Error);
}

TEST(PythonFormat, TextsWithinListsAndObjectsAreFormattedNamesToo) {
  Effort effort(base::system_env());
  const json::value value =
      json::parse(R"({"{data[d][k]}": ["{data[i]}", 5, null, {"x": "{data[l][1]}"}]})");
  EXPECT_EQ(json::serialize(format_texts(value, kData, effort)),
            R"({"v":["42",5,null,{"x":"two"}]})");
}

TEST(PythonFormat, AMissingKeyIsTheRulesFault) {
  Effort effort(base::system_env());
  try {
    format_texts(json::value("{data[nope]}"), kData, effort);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadRequest);
    EXPECT_STREQ(error.what(),
                 "Invalid formatting variable key provided in value {data[nope]}: 'nope'");
  }
}

}  // namespace
}  // namespace inspector
