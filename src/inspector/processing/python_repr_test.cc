#include "inspector/processing/python_repr.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

TEST(PythonRepr, WritesValuesAsPythonDoes) {
  const struct {
    std::string_view json;
    std::string_view repr;
  } kCases[] = {
      {R"({"bmc_address":["192.0.2.1"],"mac":[]})", "{'bmc_address': ['192.0.2.1'], 'mac': []}"},
      {R"([true,false,null,-1,18446744073709551615])",
       "[True, False, None, -1, 18446744073709551615]"},
      {R"([1.0,0.5,1e16,1e15,0.0001,0.00001,-2.5e-7,0.0])",
       "[1.0, 0.5, 1e+16, 1000000000000000.0, 0.0001, 1e-05, -2.5e-07, 0.0]"},
      {R"("it's")", R"("it's")"},
      {R"("both ' and \"")", R"('both \' and "')"},
      {R"("a\\b\n\t\r\u0001\u007f")", R"('a\\b\n\t\r\x01\x7f')"},
      {R"("Größe")", "'Größe'"},
      {"{}", "{}"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(python_repr(json::parse(c.json)), c.repr);
}

TEST(PythonRepr, StrOfATextHasNoQuotes) {
  EXPECT_EQ(python_str(json::value("it's")), "it's");
  EXPECT_EQ(python_str(json::parse(R"(["a"])")), "['a']");
}

TEST(PythonRepr, TypesHavePythonsNames) {
  EXPECT_EQ(python_type(json::parse("[]")), "list");
  EXPECT_EQ(python_type(json::parse("{}")), "dict");
  EXPECT_EQ(python_type(json::parse("\"\"")), "str");
  EXPECT_EQ(python_type(json::parse("1")), "int");
  EXPECT_EQ(python_type(json::parse("1.5")), "float");
  EXPECT_EQ(python_type(json::parse("true")), "bool");
  EXPECT_EQ(python_type(json::parse("null")), "NoneType");
}

TEST(PythonRepr, CutsBetweenCharacters) {
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("abcd", 3), "abc...");
  EXPECT_EQ(cut("aöb", 2), "a...");
  EXPECT_EQ(shown(json::value("0123456789"), 4), "'012...");
}

}  // namespace
}  // namespace inspector
