#include "base/ini.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace base {
namespace {

Ini from(std::string_view text) {
  Ini ini;
  ini.read_text(text, "test.conf");
  return ini;
}

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "(no error)";
}

TEST(Ini, ReadsSectionsBothAssignmentsAndComments) {
  const Ini ini = from(
      "a = 1\n# not = this\n; nor = this\n[s]\nb: two words \n  \n[DEFAULT]\nc = \"quoted \"\n");
  EXPECT_EQ(ini.text("DEFAULT", "a"), "1");
  EXPECT_EQ(ini.text("s", "b"), "two words");
  EXPECT_EQ(ini.text("DEFAULT", "c"), "quoted ");
  EXPECT_EQ(ini.text("s", "a"), std::nullopt);
}

TEST(Ini, IndentedLinesContinueAValueAndNothingElse) {
  EXPECT_EQ(from("a = 1,\n  2,\n\t3\n").list("DEFAULT", "a", ""),
            (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(error_of([] { from("[s]\n  b = 2\n"); }),
            "test.conf:2: an indented line continues nothing");
}

TEST(Ini, RepeatedNamesAreAllKeptForMultiAndTheLastCountsElsewhere) {
  const Ini ini = from("[p]\nalias = x\nalias = y\n");
  EXPECT_EQ(ini.multi("p", "alias"), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(ini.text("p", "alias"), "y");
}

TEST(Ini, ALaterFileReplacesAnEarlierOne) {
  Ini ini = from("a = 1\nb = 1\n");
  ini.read_text("a = 2\n", "second.conf");
  EXPECT_EQ(ini.text("DEFAULT", "a"), "2");
  EXPECT_EQ(ini.text("DEFAULT", "b"), "1");
}

TEST(Ini, InterpolatesOwnSectionThenDefaultThenDeclaredDefaults) {
  Ini ini = from("base = top\n[s]\nbase = mine\nx = ${base}/$DEFAULT.base/$$5/$t.y.\n");
  ini.declare_default("t", "y", "$base");
  EXPECT_EQ(ini.text("s", "x"), "mine/top/$5/top.");
  EXPECT_EQ(ini.text("s", "z", "$base-z"), "mine-z");
}

TEST(Ini, AReferenceToNothingOrToItselfIsAnError) {
  EXPECT_EQ(error_of([] { from("a = $gone\n").text("DEFAULT", "a"); }),
            "test.conf:1: [DEFAULT]a: a $ in it is followed by the name of an option that is not "
            "set; a dollar is written $$");
  EXPECT_EQ(error_of([] { from("").text("s", "x", "$gone"); }),
            "[s]x: a $ in it is followed by the name of an option that is not set; a dollar is "
            "written $$");
  EXPECT_NE(
      error_of([] { from("a = $b\nb = $a\n").text("DEFAULT", "a"); }).find("refers to itself"),
      std::string::npos);
}

TEST(Ini, NothingOfAPasswordStandsInAnError) {
  const std::string secret = "hunter2";
  for (const std::string& text :
       {"[s]\npassword = abc$" + secret + "\n", "[s]\npassword = ${" + secret + "}\n",
        "[s]\npassword = $b-" + secret + "\nb = $password\n", "[s]\npassword = \n" + secret + "\n",
        "[s]\n[" + secret + "\n"}) {
    const std::string error = error_of([&] { from(text).text("s", "password"); });
    EXPECT_NE(error, "") << text;
    EXPECT_EQ(error.find(secret), std::string::npos) << error;
  }
}

TEST(Ini, WrongValuesNameFileLineSectionOptionValueAndWhatIsAccepted) {
  const Ini ini =
      from("[s]\nport = 70000\nflag = maybe\nmode = 9\nkind = blue\npairs = a\nf = x\n");
  EXPECT_EQ(error_of([&] { ini.integer("s", "port", 1, 1, 65535); }),
            "test.conf:2: [s]port = 70000: not an integer from 1 to 65535");
  EXPECT_EQ(error_of([&] { ini.boolean("s", "flag", false); }),
            "test.conf:3: [s]flag = maybe: not a boolean; accepted are 1, t, true, on, y, yes and "
            "0, f, false, off, n, no");
  EXPECT_EQ(error_of([&] { ini.octal("s", "mode", 0); }),
            "test.conf:4: [s]mode = 9: not an octal number from 0 to 7777");
  static constexpr std::string_view kKinds[] = {"red", "green"};
  EXPECT_EQ(error_of([&] { ini.choice("s", "kind", "red", kKinds); }),
            "test.conf:5: [s]kind = blue: accepted are red, green");
  EXPECT_EQ(error_of([&] { ini.dict("s", "pairs", ""); }),
            "test.conf:6: [s]pairs = a: `a` is not key:value");
  EXPECT_EQ(error_of([&] { ini.real("s", "f", 0); }), "test.conf:7: [s]f = x: not a number");
}

TEST(Ini, LinesThatAreNeitherSectionNorAssignmentAreErrors) {
  EXPECT_EQ(error_of([] { from("hello\n"); }),
            "test.conf:1: neither a [section] nor `name = value`");
  EXPECT_EQ(error_of([] { from("[oops\n"); }), "test.conf:1: a section must be written [name]");
  EXPECT_EQ(error_of([] { from(std::string_view("a\0b = 1", 7)); }),
            "test.conf: contains a NUL byte; this is no configuration file");
}

TEST(Ini, NamesWhatNobodyAskedFor) {
  const Ini ini = from("a = 1\nb = 2\n");
  ini.text("DEFAULT", "a");
  EXPECT_EQ(ini.unknown(), std::vector<std::string>{"[DEFAULT]b (test.conf:2)"});
}

TEST(Ini, ReadsTheConfFilesOfADirectoryInTheOrderOfTheirNames) {
  char pattern[] = "/tmp/ini-test-XXXXXX";
  const std::filesystem::path directory = mkdtemp(pattern);
  std::ofstream(directory / "2.conf") << "a = 2\n";
  std::ofstream(directory / "1.conf") << "a = 1\nb = 1\n";
  std::ofstream(directory / "3.other") << "a = 3\n";
  std::ofstream(directory / "4.conf") << "";
  Ini ini;
  ini.read_directory(directory);
  EXPECT_EQ(ini.text("DEFAULT", "a"), "2");
  EXPECT_EQ(ini.text("DEFAULT", "b"), "1");
  EXPECT_NE(error_of([&] { ini.read_file(directory / "none.conf"); }), "(no error)");
  EXPECT_NE(error_of([&] { ini.read_file(directory); }), "(no error)");
  std::filesystem::remove_all(directory);
}

TEST(Ini, AWholeSectionIsReadAtOnce) {
  Ini ini;
  ini.read_text("[hook:a]\ny = 1\nx = $y\ny = 2\n[hook:b]\nz = 3\n", "i.conf");
  EXPECT_EQ(ini.section("hook:a"),
            (std::vector<std::pair<std::string, std::string>>{{"x", "2"}, {"y", "2"}}));
  EXPECT_TRUE(ini.section("hook:c").empty());
  EXPECT_EQ(ini.unknown(), std::vector<std::string>{"[hook:b]z (i.conf:6)"});
}

TEST(Ini, WhatIsShownTellsNoSecret) {
  Ini ini;
  ini.read_text(
      "a = 1\na = 2\nadmin_password = x\n[s]\nurl = http://u:p@h/\nplain = http://h/\n"
      "connection = y\n",
      "i.conf");
  EXPECT_EQ(ini.shown(), (std::vector<std::string>{
                             "[DEFAULT]a = 2", "[DEFAULT]admin_password = ****",
                             "[s]connection = ****", "[s]plain = http://h/", "[s]url = ****"}));
  EXPECT_EQ(ini.unknown().size(), 5U);
}

}  // namespace
}  // namespace base
