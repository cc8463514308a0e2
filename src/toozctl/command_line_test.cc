#include "toozctl/command_line.h"

#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace toozctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class CommandLineTest : public testing::Test {
 protected:
  void SetUp() override { unsetenv("TOOZ_BACKEND"); }
  void TearDown() override { unsetenv("TOOZ_BACKEND"); }
};

std::string refusal(const std::vector<std::string>& words) {
  try {
    const auto line = parse_command_line(words);
    line.duration("timeout", {});
    line.duration("grace", {});
    return "accepted";
  } catch (const UsageError& e) {
    return e.what();
  }
}

TEST_F(CommandLineTest, BadInputIsRefusedByName) {
  struct Case {
    std::vector<std::string> words;
    std::string text;
  };
  const Case cases[] = {
      {{}, "a command is missing"},
      {{"--backend", "memory://"}, "a command is missing"},
      {{"--backend"}, "option --backend needs a value"},
      {{"--member"}, "option --member needs a value"},
      {{"--lease"}, "option --lease needs a value"},
      {{"--lease", "0", "groups"}, "--lease needs a time such as 10s"},
      {{"--lease", "-1", "groups"}, "--lease needs a time such as 10s"},
      {{"--lease=soon", "groups"}, "--lease needs a time such as 10s"},
      {{"--nonsense", "groups"}, "unknown option --nonsense"},
      {{"-x", "groups"}, "unknown option -x"},
      {{"--debug=yes", "groups"}, "option --debug takes no value"},
      {{"--backend", "memory://", "fly"}, "unknown command fly"},
      {{"--backend", "memory://", ""}, "a command is missing"},
      {{"groups"}, "--backend URL is missing (or TOOZ_BACKEND in the environment)"},
      {{"--backend", "", "groups"},
       "--backend URL is missing (or TOOZ_BACKEND in the environment)"},
      {{"--backend", "memory://", "groups", "g"}, "groups takes no argument"},
      {{"--backend", "memory://", "create"}, "create takes GROUP"},
      {{"--backend", "memory://", "create", "a", "b"}, "create takes GROUP"},
      {{"--backend", "memory://", "members", "g", "--csv"}, "unknown option --csv of members"},
      {{"--backend", "memory://", "members", "g", "--json=1"}, "option --json takes no value"},
      {{"--backend", "memory://", "join", "g", "--capabilities"},
       "option --capabilities needs a value"},
      {{"--backend", "memory://", "join", "g", "--", "true"}, "unknown option -- of join"},
      {{"--backend", "memory://", "ring", "g"}, "ring takes GROUP KEY…"},
      {{"--backend", "memory://", "lock", "n"}, "lock needs a program behind --"},
      {{"--backend", "memory://", "lock", "n", "--"}, "lock needs a program behind --"},
      {{"--backend", "memory://", "lock", "n", "true"}, "lock takes NAME"},
      {{"--backend", "memory://", "lock", "--", "true"}, "lock takes NAME"},
      {{"--backend", "memory://", "elect", "n", "--shared", "--", "true"},
       "unknown option --shared of elect"},
      {{"--backend", "memory://", "semaphore", "n", "--", "true"}, "semaphore takes NAME PERMITS"},
      {{"--backend", "memory://", "semaphore", "n", "2"}, "semaphore needs a program behind --"},
      {{"--backend", "memory://", "bench"}, "bench takes lock|handoff|members"},
      {{"--backend", "memory://", "lock", "n", "--timeout", "x", "--", "true"},
       "--timeout needs a time such as 10s, not x"},
      {{"--backend", "memory://", "lock", "n", "--grace=1h", "--", "true"},
       "--grace needs a time such as 10s, not 1h"},
  };
  for (const auto& c : cases) {
    std::string shown;
    for (const auto& word : c.words)
      shown += word + " ";
    EXPECT_EQ(refusal(c.words), c.text) << shown;
  }
}

TEST_F(CommandLineTest, OptionsStandBeforeAndBehindTheCommand) {
  const auto line =
      parse_command_line({"--backend", "memory://", "lock", "n", "--member=me", "--try", "-E", "9",
                          "--lease", "500ms", "--timeout=2", "--", "prog", "--debug", "-E"});
  EXPECT_EQ(line.backend, "memory://");
  EXPECT_EQ(line.member, "me");
  EXPECT_EQ(line.command, "lock");
  EXPECT_EQ(line.arguments, std::vector<std::string>{"n"});
  EXPECT_TRUE(line.has("try"));
  EXPECT_EQ(line.options.at("E"), "9");
  EXPECT_EQ(line.lease, milliseconds(500));
  EXPECT_EQ(line.duration("timeout", {}), seconds(2));
  EXPECT_EQ(line.duration("grace", seconds(5)), seconds(5));
  EXPECT_FALSE(line.debug) << "what stands behind -- is the program's";
  EXPECT_EQ(line.program, (std::vector<std::string>{"prog", "--debug", "-E"}));
}

TEST_F(CommandLineTest, ValueKeepsItsFurtherEqualsSigns) {
  const auto line = parse_command_line({"--backend=etcd3://h?timeout=2", "groups"});
  EXPECT_EQ(line.backend, "etcd3://h?timeout=2");
}

TEST_F(CommandLineTest, BackendComesFromTheEnvironmentUnlessNamed) {
  setenv("TOOZ_BACKEND", "memory://", 1);
  EXPECT_EQ(parse_command_line({"groups"}).backend, "memory://");
  EXPECT_EQ(parse_command_line({"--backend", "etcd3://h", "groups"}).backend, "etcd3://h");
}

TEST_F(CommandLineTest, HelpNeedsNothingElse) {
  EXPECT_TRUE(parse_command_line({"--help"}).help);
  EXPECT_TRUE(parse_command_line({"lock", "-h"}).help);
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(support::source_path(path)).rdbuf();
  return text.str();
}

// The options of a usage: [--NAME] and [-X N].
std::set<std::string> options_in(const std::string& usage) {
  std::set<std::string> found;
  const std::regex option(R"(\[(--?\w+))");
  for (std::sregex_iterator it(usage.begin(), usage.end(), option), end; it != end; ++it)
    found.insert((*it)[1]);
  return found;
}

TEST_F(CommandLineTest, HelpManualAndCompletionKnowEveryCommandAndOption) {
  const std::string help = usage();
  const std::string completion = contents("packaging/toozctl.bash-completion");
  std::string manual = contents("docs/man/toozctl.1");
  std::erase(manual, '\\');
  for (const char* command : {"drivers", "groups", "create", "delete", "join", "members", "watch",
                              "lock", "semaphore", "break", "elect", "leader", "ring", "bench"}) {
    EXPECT_NE(help.find("\n  " + std::string(command)), std::string::npos) << command;
    EXPECT_TRUE(std::regex_search(manual, std::regex("\n.BI?R? " + std::string(command) + "\\b")))
        << command;
    EXPECT_NE(completion.find(" " + std::string(command)), std::string::npos) << command;
  }
  const auto options = options_in(help);
  EXPECT_TRUE(options.contains("--timeout") && options.contains("-E"));
  for (const auto& option : options) {
    EXPECT_NE(manual.find(option), std::string::npos) << option;
    EXPECT_NE(completion.find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace toozctl
