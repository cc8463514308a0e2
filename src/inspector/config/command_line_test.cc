#include "inspector/config/command_line.h"

#include "inspector/config/version.h"
#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace inspector {
namespace {

constexpr Program kService{.name = "ironic-inspector", .summary = "All in one process."};
constexpr Program kApi{.name = "ironic-inspector-api-wsgi", .summary = "The API.", .listens = true};
constexpr Program kTool{.name = "tool", .summary = "A tool.", .commands = "COMMAND"};

CommandLine parse(const Program& program, std::vector<const char*> arguments) {
  return parse_command_line(program, arguments);
}

std::string usage_error(const Program& program, std::vector<const char*> arguments) {
  try {
    parse_command_line(program, arguments);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CommandLine, FilesAndDirectoriesAreKeptInOrder) {
  const CommandLine line = parse(
      kService, {"--config-file", "a.conf", "--config-file=b.conf", "--config-dir", "conf.d"});
  EXPECT_EQ(line.config_files, (std::vector<std::string>{"a.conf", "b.conf"}));
  EXPECT_EQ(line.config_dirs, (std::vector<std::string>{"conf.d"}));
}

TEST(CommandLine, LogOptionsOfOsloAreAccepted) {
  const CommandLine line =
      parse(kService, {"-d", "--use-json", "--log-file", "x.log", "--logdir=/var/log",
                       "--use-syslog", "--log-date-format", "%H", "--watch-log-file"});
  EXPECT_EQ(line.debug, true);
  EXPECT_EQ(line.use_json, true);
  EXPECT_EQ(line.log_file, "x.log");
  EXPECT_EQ(line.log_dir, "/var/log");
  EXPECT_EQ(line.use_syslog, true);
  EXPECT_EQ(line.date_format, "%H");
  EXPECT_EQ(line.watch_log_file, true);
}

TEST(CommandLine, WhatIsNotGivenIsLeftToTheFiles) {
  const CommandLine line = parse(kService, {});
  EXPECT_FALSE(line.debug);
  EXPECT_FALSE(line.use_json);
  EXPECT_FALSE(line.log_file);
  EXPECT_EQ(parse(kService, {"--nodebug"}).debug, false);
}

TEST(CommandLine, TheApiTakesPortAndHostThenTheOthersBehindTwoDashes) {
  const CommandLine line =
      parse(kApi, {"-p", "5050", "--host=127.0.0.1", "--", "--config-file", "i.conf", "--debug"});
  EXPECT_EQ(line.port, 5050);
  EXPECT_EQ(line.host, "127.0.0.1");
  EXPECT_EQ(line.config_files, (std::vector<std::string>{"i.conf"}));
  EXPECT_EQ(line.debug, true);
  EXPECT_EQ(parse(kApi, {"-p8001"}).port, 8001);
}

TEST(CommandLine, AToolsCommandStartsAtTheFirstArgument) {
  const CommandLine line = parse(kTool, {"--config-file", "i.conf", "stamp", "--revision", "head"});
  EXPECT_EQ(line.command, (std::vector<std::string>{"stamp", "--revision", "head"}));
}

TEST(CommandLine, WhatIsWrongIsSaid) {
  const struct {
    const Program& program;
    std::vector<const char*> arguments;
    std::string text;
  } kCases[] = {
      {kService, {"--frobnicate"}, "unrecognized argument: --frobnicate"},
      {kService, {"-x"}, "unrecognized argument: -x"},
      {kService, {"upgrade"}, "unrecognized argument: upgrade"},
      {kService, {"--config-file"}, "argument --config-file: expected a value"},
      {kService, {"--log-date-format"}, "argument --log-date-format: expected a value"},
      {kService, {"--debug=yes"}, "argument --debug takes no value"},
      {kService, {"--port", "1"}, "unrecognized argument: --port"},
      {kService, {"--", "x"}, "unrecognized argument: x"},
      {kApi, {"--port", "70000"}, "argument --port: '70000' is not a number from 0 to 65535"},
      {kApi, {"-p", "http"}, "argument --port: 'http' is not a number from 0 to 65535"},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(usage_error(c.program, c.arguments), c.text);
}

TEST(CommandLine, HelpNamesTheOptionsOfTheProgram) {
  EXPECT_NE(help_text(kApi).find("--port PORT"), std::string::npos);
  EXPECT_EQ(help_text(kService).find("--port"), std::string::npos);
  EXPECT_NE(help_text(kService).find("--config-file FILE"), std::string::npos);
}

TEST(RunProgram, TurnsWhatGoesWrongIntoOneLineAndAnExitCode) {
  const char* argv[] = {"ironic-inspector"};
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_program(kService, 1, argv,
                        [](const CommandLine&) -> int {
                          throw std::runtime_error("cannot read configuration file x");
                        }),
            1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "cannot read configuration file x\n");

  const char* wrong[] = {"ironic-inspector", "--nonsense"};
  testing::internal::CaptureStderr();
  EXPECT_EQ(run_program(kService, 2, wrong, [](const CommandLine&) { return 0; }), 2);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "ironic-inspector: unrecognized argument: --nonsense (see --help)\n");
  EXPECT_EQ(run_program(kService, 1, argv, [](const CommandLine&) { return 7; }), 7);
}

TEST(Version, IsTheBuildsOwn) {
  std::ifstream file(support::source_path("CMakeLists.txt"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(text.find("VERSION " + std::string(kVersion) + " "), std::string::npos);
}

}  // namespace
}  // namespace inspector
