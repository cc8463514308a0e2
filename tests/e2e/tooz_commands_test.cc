// Each command of toozctl as a user runs it: what it prints, and its exit code.
#include "tests/e2e/toozctl.h"
#include "tests/paths/paths.h"
#include "tests/support/free_port.h"
#include "tooz/coordinator.h"
#include "tooz/value.h"

#include <sstream>

namespace e2e {
namespace {

class Commands : public WithEtcd {
 protected:
  struct Step {
    Words words;
    int code;
    std::string out;
    std::string err;
  };
  void take(const std::vector<Step>& steps) const {
    for (const Step& step : steps) {
      std::string shown = "toozctl";
      for (const auto& word : step.words)
        shown += " " + word;
      const Result result = run(step.words);
      EXPECT_EQ(result.code, step.code) << shown;
      EXPECT_EQ(result.out, step.out) << shown;
      EXPECT_EQ(result.err, step.err) << shown;
    }
  }
};

TEST_F(Commands, GroupsAreMadeListedAndRemoved) {
  take({
      {{"groups"}, 0, "", ""},
      {{"groups", "--json"}, 0, "[]\n", ""},
      {{"create", "b"}, 0, "", ""},
      {{"create", "a"}, 0, "", ""},
      {{"create", "a"}, 1, "", "toozctl: group a exists\n"},
      {{"groups"}, 0, "a\nb\n", ""},
      {{"groups", "--json"}, 0, "[\"a\",\"b\"]\n", ""},
      {{"members", "a"}, 0, "", ""},
      {{"members", "a", "--json"}, 0, "[]\n", ""},
      {{"leader", "a"}, 1, "", "toozctl: no leader at this moment\n"},
      {{"leader", "a", "--json"}, 1, "{\"leader\":null}\n", "toozctl: no leader at this moment\n"},
      {{"ring", "a", "k"}, 1, "", "toozctl: the group has no member\n"},
      {{"delete", "a"}, 0, "", ""},
      {{"delete", "a"}, 1, "", "toozctl: group a does not exist, or has members\n"},
      {{"members", "a"}, 1, "", "toozctl: a: the group does not exist\n"},
      {{"watch", "a"}, 1, "", "toozctl: a: the group does not exist\n"},
      {{"ring", "a", "k"}, 1, "", "toozctl: a: the group does not exist\n"},
      {{"join", "a"}, 1, "", "toozctl: a: the group does not exist\n"},
      {{"break", "n", "--yes"}, 1, "", "toozctl: nobody holds n\n"},
  });
}

TEST_F(Commands, AnswersAreJsonWhereThatIsAskedFor) {
  take({
      {{"create", "g", "--json"}, 0, "{\"created\":true}\n", ""},
      {{"create", "g", "--json"}, 1, "{\"created\":false}\n", "toozctl: group g exists\n"},
      {{"delete", "g", "--json"}, 0, "{\"deleted\":true}\n", ""},
      {{"break", "n", "--yes", "--json"}, 1, "{\"broken\":false}\n", "toozctl: nobody holds n\n"},
  });
  for (const std::string what : {"lock", "handoff", "members"}) {
    const Result result = run({"bench", what, "--clients", "2", "--seconds", "300ms", "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_EQ(result.out.front(), '{') << result.out;
    EXPECT_EQ(run({"groups"}).out, "") << "nothing is left behind";
  }
}

TEST_F(Commands, BreakAsksOnATerminalAndTakesYesOnly) {
  Program holder = start({"lock", "n", "--", "/bin/sh", "-c", "echo begun; exec sleep 1000"});
  ASSERT_TRUE(holder.says("begun"));
  const auto answered = [&](const std::string& answer) {
    std::string words;
    for (const std::string& word : toozctl(url(), {"break", "n", "--json"}))
      words += "'" + word + "' ";
    // The command stands in the environment: in quotes of its own it would need none of these.
    Program shell(folder_, {"/usr/bin/env", "COMMAND=" + words, "/bin/sh", "-c",
                            "echo " + answer + " | script -qec \"$COMMAND\" /dev/null"});
    const int code = shell.end();
    EXPECT_TRUE(shell.says("Take lock n from whoever holds it? [y/N] ")) << shell.out();
    return std::pair(code, shell.out());
  };
  const auto [kept, said] = answered("no");
  EXPECT_EQ(kept, 1);
  EXPECT_NE(said.find("{\"broken\":false}"), std::string::npos) << said;
  EXPECT_NE(said.find("toozctl: n is left to its holder"), std::string::npos) << said;
  EXPECT_TRUE(holder.process().running());
  EXPECT_EQ(answered("Yes").first, 0);
  EXPECT_EQ(holder.end(), 76);
}

TEST_F(Commands, CompletionKnowsEveryCommandOptionAndDriver) {
  const auto completed = [&](const std::string& words) {
    Program bash(folder_,
                 {"/bin/bash", "-c",
                  "_init_completion() { words=(\"${COMP_WORDS[@]}\"); cword=$COMP_CWORD;"
                  " cur=${words[cword]}; prev=${words[cword-1]}; };"
                  "__ltrim_colon_completions() { :; };"
                  "source '" +
                      support::source_path("packaging/toozctl.bash-completion") +
                      "';"
                      "COMP_WORDS=('" +
                      support::built_path("toozctl") + "' " + words +
                      ");"
                      "COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _toozctl; echo \" ${COMPREPLY[@]} \""});
    EXPECT_EQ(bash.end(), 0) << bash.err();
    return bash.out();
  };
  std::istringstream help(run({"--help"}).out);
  int commands = 0;
  for (std::string line; std::getline(help, line);) {
    if (!line.starts_with("  ") || line.starts_with("   ")) continue;
    std::istringstream usage(line);
    std::string command;
    usage >> command;
    ++commands;
    EXPECT_NE(completed("''").find(" " + command + " "), std::string::npos) << command;
    const std::string options = completed(command + " -");
    for (std::string word; usage >> word;) {
      if (!word.starts_with("[-")) continue;
      const std::string option = word.substr(1, word.find(']') - 1);
      EXPECT_NE(options.find(" " + option + " "), std::string::npos) << command << " " << option;
    }
  }
  EXPECT_GT(commands, 10);
  const std::string schemes = completed("--backend ''");
  for (const std::string scheme : {"etcd3+https", "redis", "rediss", "memcached", "zookeeper",
                                   "kazoo", "postgresql", "mysql", "file", "memory"})
    EXPECT_NE(schemes.find(" " + scheme + "://"), std::string::npos) << schemes;
}

TEST_F(Commands, BadUseIsToldWithExitCode2) {
  const std::string help = "\ntry `toozctl --help`\n";
  take({
      {{"fly"}, 2, "", "toozctl: unknown command fly" + help},
      {{"lock", "n", "-E", "256", "--", "true"},
       2,
       "",
       "toozctl: -E needs a number from 0 to 255, not 256" + help},
      {{"lock", "n", "--grace", "x", "--", "true"},
       2,
       "",
       "toozctl: --grace needs a time such as 10s, not x" + help},
      {{"break", "n"},
       2,
       "",
       "toozctl: break asks before it takes a lock away; without a terminal it needs --yes" + help},
  });
  for (const char* name : {"", "a/b"}) {
    EXPECT_EQ(run({"create", name}).code, 2) << name;
    EXPECT_EQ(run({"lock", name, "--", "true"}).code, 2) << name;
    EXPECT_EQ(run({"elect", name}).code, 2) << name;
  }
  EXPECT_EQ(run({"create", "g"}).code, 0);
  EXPECT_EQ(run({"join", "g", "--member", "a/b"}).code, 2);
  const Result bad_json = run({"join", "g", "--capabilities", "{"});
  EXPECT_EQ(bad_json.code, 2);
  EXPECT_TRUE(bad_json.err.starts_with("toozctl: --capabilities: ")) << bad_json.err;
}

TEST_F(Commands, BadUrlIsToldWithExitCode2) {
  for (const char* bad : {"nonsense", "etcd3://", "nosuch://h", "etcd3://h:99999", "etcd3://h?x=1",
                          "etcd3://h?timeout=never", "etcd3+http://h?ca_cert=/x"}) {
    const Result result = run_at(bad, {"groups"});
    EXPECT_EQ(result.code, std::string(bad) == "etcd3://" ? 3 : 2) << bad << result.err;
    EXPECT_TRUE(result.err.find("toozctl: ") != std::string::npos) << bad;
  }
  EXPECT_NE(run_at("nosuch://h", {"groups"}).err.find("no driver `nosuch`"), std::string::npos);
}

TEST_F(Commands, RefusedConnectionIsExitCode3) {
  const std::string nobody = "etcd3://127.0.0.1:" + std::to_string(support::free_port());
  const Words commands[] = {{"groups"},
                            {"create", "g"},
                            {"delete", "g"},
                            {"join", "g"},
                            {"members", "g"},
                            {"watch", "g"},
                            {"leader", "g"},
                            {"elect", "g"},
                            {"ring", "g", "k"},
                            {"lock", "n", "--", "true"},
                            {"break", "n", "--yes"}};
  for (const auto& words : commands) {
    const Result result = run_at(nobody, words);
    EXPECT_EQ(result.code, 3) << words.front();
    EXPECT_EQ(result.out, "") << words.front();
    EXPECT_NE(result.err.find("toozctl: " + nobody), std::string::npos) << result.err;
  }
}

// The deadline is that of three calls: the answer, the session, its end.
TEST_F(Commands, SilentBackendIsExitCode3WithinTheTimeout) {
  etcd_.pause();
  std::vector<std::unique_ptr<Program>> all;
  const auto since = now();
  for (const Words& words : {Words{"groups"}, Words{"join", "g"}, Words{"watch", "g"},
                             Words{"elect", "g"}, Words{"lock", "n", "--", "true"}})
    all.push_back(std::make_unique<Program>(folder_, toozctl(etcd_.url("timeout=1"), words)));
  for (const auto& program : all) {
    EXPECT_EQ(program->end(seconds(10)), 3) << program->err();
    note("exit code 3", since);
  }
  etcd_.resume();
}

TEST_F(Commands, DriversNeedNoBackend) {
  const Result result = run_at("", {"drivers", "--json"});
  EXPECT_EQ(result.code, 0);
  EXPECT_NE(result.out.find(R"({"scheme":"etcd3+http")"), std::string::npos) << result.out;
}

TEST_F(Commands, MembersAreListedWithCapabilities) {
  run({"create", "g"});
  Program b =
      start({"join", "g", "--member", "b", "--capabilities", R"({"weight":2,"n":["é",null]})"});
  Program a = start({"join", "g", "--member", "a"});
  ASSERT_TRUE(a.says("joined\n") && b.says("joined\n")) << a.err() << b.err();
  take({
      {{"members", "g"}, 0, "a\nb\n", ""},
      {{"members", "g", "--json"},
       0,
       R"([{"member":"a","capabilities":{}},)"
       R"({"member":"b","capabilities":{"n":["é",null],"weight":2}}])"
       "\n",
       ""},
      {{"delete", "g"}, 1, "", "toozctl: group g does not exist, or has members\n"},
      {{"ring", "g", "a", "foo"}, 0, "a\tb\nfoo\ta\n", ""},
  });
  EXPECT_EQ(a.stop(), 0);
  EXPECT_EQ(a.out(), "joined\n");
  take({{{"members", "g"}, 0, "b\n", ""},
        {{"ring", "g", "x", "--json"}, 0, "[{\"key\":\"x\",\"member\":\"b\"}]\n", ""}});
  b.process().signal(SIGINT);
  EXPECT_EQ(b.end(), 0);
  take({{{"members", "g"}, 0, "", ""}});
}

TEST_F(Commands, WatchPrintsWhatHappens) {
  run({"create", "g"});
  Program watch = start({"watch", "g"});
  {
    tooz::Coordinator member(base::system_env(), url(), {.member_id = "m"});
    member.join("g", tooz::Value::Map{});
    EXPECT_TRUE(watch.says(R"({"event":"joined","group":"g","member":"m","capabilities":{}})"
                           "\n"));
    member.update_capabilities("g", tooz::Value::Map{{"n", 1}});
    EXPECT_TRUE(watch.says(R"({"event":"changed","group":"g","member":"m","capabilities":{"n":1}})"
                           "\n"));
  }
  EXPECT_TRUE(watch.says(R"({"event":"left","group":"g","member":"m"})"
                         "\n"));
  Program candidate = start({"elect", "g", "--member", "m"});
  EXPECT_TRUE(watch.says(R"({"event":"leader","group":"g","member":"m"})"
                         "\n"));
  EXPECT_TRUE(candidate.says("elected\n"));
  EXPECT_EQ(run({"leader", "g"}).out, "m\n");
  EXPECT_EQ(run({"leader", "g", "--json"}).out, "{\"leader\":\"m\"}\n");
  EXPECT_EQ(candidate.stop(), 0);
  EXPECT_TRUE(watch.says(R"({"event":"leader","group":"g","member":null})"
                         "\n"));
  EXPECT_EQ(watch.stop(), 0);
  EXPECT_EQ(watch.err(), "");
}

TEST_F(Commands, WatchEndsWhenNobodyReads) {
  run({"create", "g"});
  Program pipe(folder_, {"/bin/sh", "-c", "\"$0\" --backend \"$1\" watch g | head -n 1",
                         support::built_path("toozctl"), url()});
  Program first = start({"join", "g", "--member", "m1"});
  EXPECT_TRUE(pipe.says("\"m1\""));
  Program second = start({"join", "g", "--member", "m2"});
  EXPECT_EQ(pipe.end(), 0);
}

}  // namespace
}  // namespace e2e
