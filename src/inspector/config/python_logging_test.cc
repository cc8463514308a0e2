#include "inspector/config/python_logging.h"

#include "base/ini.h"
#include "inspector/config/python_literal.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

using Kind = PythonLiteral::Kind;
using Rotation = base::LogOptions::Rotation;

TEST(PythonLiteral, ArgumentsAreTextsNumbersNamesAndTuples) {
  const auto values =
      parse_python_arguments(R"(('/a b.log', "it\"s", 10*1024, sys.stdout, ('h', 514)))");
  ASSERT_EQ(values.size(), 5U);
  EXPECT_EQ(values[0].text, "/a b.log");
  EXPECT_EQ(values[1].text, "it\"s");
  EXPECT_EQ(values[2].number, 10240);
  EXPECT_EQ(values[3].kind, Kind::kName);
  EXPECT_EQ(values[3].text, "sys.stdout");
  ASSERT_EQ(values[4].kind, Kind::kTuple);
  EXPECT_EQ(values[4].items[1].number, 514);
  EXPECT_TRUE(parse_python_arguments("()").empty());
  EXPECT_TRUE(parse_python_arguments("").empty());
  EXPECT_EQ(parse_python_arguments("(sys.stderr,)").size(), 1U);
}

TEST(PythonLiteral, AnythingElseIsRefused) {
  for (const char* bad :
       {"(", "('a'", "'a", "(1 2)", "[1]", "(1 + 2)", "f('x')", "(99999999999999999999)",
        "('a' * 3)", "('\\n',)", "((((((((((1))))))))))", ")"})
    EXPECT_THROW(parse_python_arguments(bad), std::runtime_error) << bad;
}

class PythonLogging : public ::testing::Test {
 protected:
  ~PythonLogging() override { std::filesystem::remove(file_); }

  base::LogOptions read(const std::string& text) {
    std::ofstream(file_) << text;
    base::LogOptions options;
    options.context_format = "context";
    read_python_logging(file_, options);
    return options;
  }

  std::string refusal(const std::string& handler) {
    try {
      read(
          "[loggers]\nkeys = root\n[handlers]\nkeys = h\n[formatters]\nkeys =\n"
          "[logger_root]\nlevel = INFO\nhandlers = h\n[handler_h]\n" +
          handler);
    } catch (const base::ConfigError& error) {
      return error.what();
    }
    return "accepted";
  }

  const std::string file_ =
      testing::TempDir() + "python_logging." + std::to_string(getpid()) + ".conf";
};

// As OpenStack's services are delivered with.
constexpr const char* kUsual = R"([loggers]
keys = root, ours

[handlers]
keys = file, out, null, big, weekly, syslog

[formatters]
keys = context, plain

[logger_root]
level = WARNING
handlers = null

[logger_ours]
level = DEBUG
handlers = file, out
qualname = ironic_inspector
propagate = 0

[handler_file]
class = handlers.WatchedFileHandler
args = ('/var/log/ironic-inspector.log',)
formatter = context

[handler_out]
class = StreamHandler
args = (sys.stdout,)
level = ERROR
formatter = plain

[handler_null]
class = logging.NullHandler
args = ()

[handler_big]
class = logging.handlers.RotatingFileHandler
args = ('big.log', 'a', 10*1024*1024, 5)

[handler_weekly]
class = handlers.TimedRotatingFileHandler
args = ('weekly.log', 'W6', 1, 4)

[handler_syslog]
class = handlers.SysLogHandler
args = ('/dev/log', handlers.SysLogHandler.LOG_LOCAL3)

[formatter_context]
class = oslo_log.formatters.ContextFormatter
datefmt = %H:%M

[formatter_plain]
format = %(levelname)s %(message)s
)";

TEST_F(PythonLogging, HandlersAndTheirFormsAreRead) {
  const base::LogOptions options = read(kUsual);
  ASSERT_EQ(options.handlers.size(), 6U);
  EXPECT_EQ(options.handlers[0].place.file, "/var/log/ironic-inspector.log");
  EXPECT_EQ(options.handlers[0].place.context_format, "context");
  EXPECT_EQ(options.handlers[0].place.date_format, "%H:%M");
  EXPECT_TRUE(options.handlers[1].place.to_stdout);
  EXPECT_EQ(options.handlers[1].least, base::LogLevel::kError);
  EXPECT_EQ(options.handlers[1].place.context_format, "%(levelname)s %(message)s");
  EXPECT_FALSE(options.handlers[1].place.sums_up);
  EXPECT_TRUE(options.handlers[2].place.nowhere);
  EXPECT_EQ(options.handlers[3].place.rotation, Rotation::kSize);
  EXPECT_EQ(options.handlers[3].place.rotate_bytes, 10U << 20U);
  EXPECT_EQ(options.handlers[3].place.rotated_files, 5U);
  EXPECT_EQ(options.handlers[4].place.rotate_weekday, 6);
  EXPECT_EQ(options.handlers[5].place.syslog, "LOG_LOCAL3");
}

TEST_F(PythonLogging, LoggersAreRead) {
  const base::LogOptions options = read(kUsual);
  ASSERT_EQ(options.loggers.size(), 2U);
  EXPECT_EQ(options.loggers[0].name, "");
  EXPECT_EQ(options.loggers[0].least, base::LogLevel::kWarning);
  EXPECT_EQ(options.loggers[0].handlers, (std::vector<std::size_t>{2}));
  EXPECT_EQ(options.loggers[1].name, "ironic_inspector");
  EXPECT_EQ(options.loggers[1].handlers, (std::vector<std::size_t>{0, 1}));
  EXPECT_FALSE(options.loggers[1].propagate);
}

TEST_F(PythonLogging, WhatCannotBeDoneIsRefusedByName) {
  EXPECT_EQ(refusal("class = NullHandler\n"), "accepted");
  EXPECT_EQ(refusal("class = handlers.SMTPHandler\n"),
            "Error loading logging config " + file_ +
                ": [handler_h] the class SMTPHandler cannot be used here");
  for (const char* bad :
       {"class = FileHandler\n", "class = NullHandler\nargs = (\n",
        "class = NullHandler\nlevel = LOUD\n",
        "class = handlers.SysLogHandler\nargs = (('log', 514),)\n",
        "class = handlers.TimedRotatingFileHandler\nargs = ('x', 'W7')\n",
        "class = FileHandler\nkwargs = {'filename': 'x'}\n",
        "class = NullHandler\nformatter = f\n[formatter_f]\nclass = my.Formatter\n"})
    EXPECT_TRUE(refusal(bad).starts_with("Error loading logging config")) << bad << refusal(bad);
  EXPECT_THROW(read(""), base::ConfigError);
  base::LogOptions options;
  EXPECT_THROW(read_python_logging("/no/such/file", options), base::ConfigError);
}

}  // namespace
}  // namespace inspector
