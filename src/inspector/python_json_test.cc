#include "inspector/python_json.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace inspector {
namespace {

TEST(PythonJson, HasBlanksAndKeepsTheOrderOfMembers) {
  EXPECT_EQ(python_json(boost::json::parse(R"({"b":[1,-2,true,null],"a":{},"c":[]})")),
            R"({"b": [1, -2, true, null], "a": {}, "c": []})");
}

TEST(PythonJson, SortedForClientsHasNoBlanks) {
  EXPECT_EQ(sorted_json(boost::json::parse(R"({"b":[1,{"d":1,"c":2}],"a":"x"})")),
            R"({"a":"x","b":[1,{"c":2,"d":1}]})");
}

TEST(PythonJson, FloatsAreWrittenAsPythonDoes) {
  EXPECT_EQ(python_json(boost::json::parse("[2.5,25000.5,100.0,1e22,1e-7,-0.0,0.0001,1e15,1e16]")),
            "[2.5, 25000.5, 100.0, 1e+22, 1e-07, -0.0, 0.0001, 1000000000000000.0, 1e+16]");
}

TEST(PythonJson, IntegersOf64BitsAreWhole) {
  EXPECT_EQ(python_json(boost::json::parse("[18446744073709551615,-9223372036854775808]")),
            "[18446744073709551615, -9223372036854775808]");
}

TEST(PythonJson, TextIsAscii) {
  EXPECT_EQ(python_json(boost::json::value("a\"\\/\b\f\n\r\t\x01\x7f")),
            R"("a\"\\/\b\f\n\r\t\u0001\u007f")");
  EXPECT_EQ(python_json(boost::json::value("é€😀")), R"("\u00e9\u20ac\ud83d\ude00")");
  EXPECT_EQ(python_json(boost::json::object{{"é", 1}}), R"({"\u00e9": 1})");
}

TEST(PythonJson, TextOfAnyLengthIsWhole) {
  for (std::size_t size = 0; size < 3000; size += 7) {
    const std::string plain(size, 'x');
    EXPECT_EQ(python_json(boost::json::value(plain)), '"' + plain + '"');
  }
  std::string text, written;
  for (int i = 0; i < 40000; ++i) {
    const std::string filling(static_cast<std::size_t>(i % 17), '~');
    text += filling + "\n" + filling + "\x7f";
    written += filling + "\\n" + filling + "\\u007f";
  }
  EXPECT_EQ(python_json(boost::json::array{text, text}),
            "[\"" + written + "\", \"" + written + "\"]");
}

TEST(PythonJson, EachCharacterIsFoundWhereverItStands) {
  for (const char* special : {"\"", "\\", "\x7f", "\x1f", "é", "\xc2\x80", "\xc2\xa0"})
    for (std::size_t more = 0; more < 300; more += more < 20 ? 1 : 40)
      for (std::size_t at = 0; at <= more; ++at) {
        const std::string before(at, ' '), after(more - at, '~');
        const std::string alone = python_json(boost::json::value(special));
        EXPECT_EQ(python_json(boost::json::value(before + special + after)),
                  '"' + before + alone.substr(1, alone.size() - 2) + after + '"');
      }
}

TEST(PythonJson, WhatIsExpectedOfItsLengthChangesNothing) {
  const boost::json::object object{{"a", boost::json::array(20000, "text")}};
  const std::string text = python_json(boost::json::value(object));
  for (const std::size_t expected : {std::size_t(1), text.size() / 2, text.size(), 2 * text.size()})
    EXPECT_EQ(python_json(object, expected), text);
}

TEST(PythonJson, AnInfiniteNumberStaysJson) {
  EXPECT_EQ(python_json(boost::json::value(-1e308 * 10)), "-1e999");
}

}  // namespace
}  // namespace inspector
