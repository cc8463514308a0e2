#include "inspector/api/query.h"

#include "inspector/api/parameters.h"
#include "inspector/error.h"
#include "inspector/utf8.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

template <class Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadRequest);
    return error.what();
  }
  return "accepted";
}

TEST(Query, TheFirstOfSeveralCounts) {
  const Query query("a=1&b=x%20y+z&a=2&empty&=v&&");
  EXPECT_EQ(query.get("a"), "1");
  EXPECT_EQ(query.get("b"), "x y z");
  EXPECT_EQ(query.get("empty"), "");
  EXPECT_EQ(query.get("c"), std::nullopt);
}

TEST(Query, EscapesThatAreNoneStay) {
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%zz%4"), "%zz%4");
  EXPECT_EQ(percent_decode("%41%2f"), "A/");
}

TEST(Query, BytesThatAreNotUtf8AreRefused) {
  EXPECT_EQ(refusal([] { Query("a=%ff"); }), "Bad request: the URL is not valid UTF-8");
  EXPECT_EQ(refusal([] { percent_decode("%c0%80"); }), "Bad request: the URL is not valid UTF-8");
}

TEST(Utf8, InvalidBytesAreReplacedOneByOne) {
  EXPECT_TRUE(valid_utf8("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80"));
  for (const char* wrong : {"\xc3", "\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80"})
    EXPECT_FALSE(valid_utf8(wrong));
  EXPECT_EQ(to_valid_utf8("a\xff\xc3"
                          "b"),
            "a\xEF\xBF\xBD\xEF\xBF\xBD"
            "b");
}

TEST(Parameters, ManageBootIsABooleanOfOslo) {
  for (const char* yes : {"", "manage_boot=1", "manage_boot=True", "manage_boot=%20yes%20"})
    EXPECT_TRUE(manage_boot_of(Query(yes))) << yes;
  for (const char* no : {"manage_boot=0", "manage_boot=False", "manage_boot=off"})
    EXPECT_FALSE(manage_boot_of(Query(no))) << no;
  EXPECT_EQ(refusal([] { manage_boot_of(Query("manage_boot=maybe")); }),
            "Invalid boolean value for manage_boot: maybe");
  EXPECT_EQ(refusal([] { manage_boot_of(Query("manage_boot=")); }),
            "Invalid boolean value for manage_boot: ");
}

TEST(Parameters, LimitIsAnIntegerOfPython) {
  const std::pair<const char*, std::size_t> kAccepted[] = {{"", 100},          {"limit=0", 100},
                                                           {"limit=100", 100}, {"limit=+7", 7},
                                                           {"limit=%207", 7},  {"limit=1_0", 10}};
  for (const auto& [text, limit] : kAccepted)
    EXPECT_EQ(limit_of(Query(text), 100), limit) << text;

  const std::pair<const char*, const char*> kRefused[] = {
      {"limit=abc", "Bad request: invalid literal for int() with base 10: 'abc'"},
      {"limit=", "Bad request: invalid literal for int() with base 10: ''"},
      {"limit=1.5", "Bad request: invalid literal for int() with base 10: '1.5'"},
      {"limit=1__0", "Bad request: invalid literal for int() with base 10: '1__0'"},
      {"limit=it's", "Bad request: invalid literal for int() with base 10: \"it's\""},
      {"limit=-1", "Bad request: Limit cannot be negative"},
      {"limit=101", "Bad request: Limit over 100"},
      {"limit=99999999999999999999999", "Bad request: Limit over 100"}};
  for (const auto& [text, why] : kRefused)
    EXPECT_EQ(refusal([t = text] { limit_of(Query(t), 100); }), why);
}

TEST(Parameters, MarkerIsAUuid) {
  EXPECT_EQ(marker_of(Query("marker=B2990409-B91E-4BE9-97FA-D7E0CF9C8DEF")),
            "b2990409-b91e-4be9-97fa-d7e0cf9c8def");
  EXPECT_EQ(marker_of(Query("")), "");
  EXPECT_EQ(refusal([] { marker_of(Query("marker=x")); }), "Bad request: Marker not UUID-like");
  EXPECT_EQ(refusal([] { marker_of(Query("marker=")); }), "Bad request: Marker not UUID-like");
}

TEST(Parameters, StatesAreThoseOfTheStateMachine) {
  EXPECT_EQ(states_of(Query("state=waiting,error,waiting")),
            (std::vector<State>{State::kWaiting, State::kError}));
  EXPECT_TRUE(states_of(Query("")).empty());
  EXPECT_EQ(refusal([] { states_of(Query("state=waiting,foo,bar")); }),
            "Bad request: State(s) \"foo, bar\" are not valid");
  EXPECT_EQ(refusal([] { states_of(Query("state=")); }),
            "Bad request: State(s) \"\" are not valid");
}

}  // namespace
}  // namespace inspector
