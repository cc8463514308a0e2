#include "inspector/service/testing/programs.h"
#include "tests/support/etcd_server.h"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using support::EtcdServer;
using support::Process;
using testing::Programs;

/// Exit code and output of a program that is to end by itself.
std::pair<int, std::string> ended(const std::vector<std::string>& arguments) {
  const support::TempFolder folder;
  Process process({.arguments = arguments, .output = folder.path() / "out"});
  const std::optional<int> code = process.wait(20s);
  return {code.value_or(-1), process.output()};
}

TEST(Modes, EachProgramRefusesTheWrongOneWithUpstreamsText) {
  const support::TempFolder folder;
  const auto config = [&](const std::string& standalone) {
    const std::string file = folder.path() / (standalone + ".conf");
    std::ofstream(file) << "[DEFAULT]\nstandalone = " << standalone << "\n";
    return file;
  };
  const auto refusal = [&](const std::string& program, const std::string& standalone) {
    std::vector<std::string> arguments = {Programs::program(program)};
    if (program == "ironic-inspector-api-wsgi") arguments.emplace_back("--");
    arguments.insert(arguments.end(), {"--config-file", config(standalone)});
    return ended(arguments);
  };
  EXPECT_EQ(refusal("ironic-inspector", "False"),
            (std::pair<int, std::string>(1,
                                         "To run ironic-inspector in standalone mode, "
                                         "[DEFAULT]standalone should be set to True.\n")));
  EXPECT_EQ(refusal("ironic-inspector-conductor", "True"),
            (std::pair<int, std::string>(1,
                                         "To run ironic-inspector-conductor, [DEFAULT]standalone "
                                         "should be set to False.\n")));
  EXPECT_EQ(refusal("ironic-inspector-api-wsgi", "True"),
            (std::pair<int, std::string>(
                1, "To run ironic-inspector-api, [DEFAULT]standalone should be set to False.\n")));
}

TEST(Start, WhatIsMissingIsOneLineAndExitCodeOne) {
  const support::TempFolder folder;
  const std::string file = folder.path() / "inspector.conf";
  const auto line = [&](const std::string& text) {
    std::ofstream(file) << "[DEFAULT]\nauth_strategy = noauth\nlisten_address = 127.0.0.1\n"
                           "listen_port = 0\n[ironic]\nauth_type = none\nendpoint_override = "
                           "http://127.0.0.1:1\n[pxe_filter]\ndriver = noop\n"
                        << text;
    const auto [code, output] =
        ended({Programs::program("ironic-inspector"), "--config-file", file});
    EXPECT_EQ(code, 1) << output;
    return output;
  };
  const std::string database =
      "[database]\nconnection = sqlite:///" + (folder.path() / "x.sqlite").string() + "\n";
  EXPECT_NE(line("[database]\nconnection = nosuch://\n").find("nosuch"), std::string::npos);
  const std::string lost = (folder.path() / "nosuch" / "x.sqlite").string();
  EXPECT_NE(line("[database]\nconnection = sqlite:///" + lost + "\n").find(lost),
            std::string::npos);
  EXPECT_NE(line(database).find("ironic-inspector-dbsync"), std::string::npos);
  support::run({Programs::program("ironic-inspector-dbsync"), "--config-file", file, "upgrade"});
  EXPECT_NE(line("[processing]\nramdisk_logs_filename_format = {nosuch}\n" + database)
                .find("[processing]ramdisk_logs_filename_format = {nosuch}"),
            std::string::npos);
  EXPECT_NE(line("[processing]\nprocessing_hooks = nosuch\n" + database)
                .find("The following hook(s) are missing or failed to load: nosuch"),
            std::string::npos);
}

TEST(Standalone, IntrospectsMachinesAndStopsWhenAsked) {
  Programs programs;
  const auto ironic = programs.start_ironic();
  const auto inspector = programs.start_standalone();
  ASSERT_TRUE(programs.serves()) << inspector->output();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(programs.start_node(i), 202);
  EXPECT_TRUE(programs.all_are("finished")) << inspector->output();
  EXPECT_EQ(inspector->stop(), 0);
  EXPECT_NE(inspector->output().find("Shut down successfully"), std::string::npos);
}

TEST(Standalone, StopsAtOnceOnInterrupt) {
  Programs programs;
  const auto inspector = programs.start_standalone();
  ASSERT_TRUE(programs.serves());
  inspector->signal(SIGINT);
  EXPECT_EQ(inspector->wait(10s), 0);
}

TEST(Standalone, AfterAKillTheNextProcessFinishesWhatWasAccepted) {
  Programs programs;
  auto inspector = programs.start_standalone();
  ASSERT_TRUE(programs.serves());
  const auto ironic = programs.start_ironic();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(programs.start_node(i), 202);
  inspector->signal(SIGKILL);
  inspector->wait(10s);
  inspector = programs.start_standalone();
  ASSERT_TRUE(programs.serves());
  EXPECT_TRUE(programs.all_are("finished")) << inspector->output();
}

class Split : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!EtcdServer::installed()) GTEST_SKIP() << "etcd is not installed";
    etcd_.emplace();
    programs_.emplace(etcd_->url());
  }
  std::string members() {
    return support::run({Programs::program("toozctl"), "--backend", etcd_->url(), "members",
                         "ironic_inspector.service_group"});
  }
  static bool joined(Process& conductor) { return conductor.wait_for_output("Joined", 20s); }

  std::optional<EtcdServer> etcd_;
  std::optional<Programs> programs_;
};

TEST_F(Split, IntrospectsMachinesWithTwoConductors) {
  const auto ironic = programs_->start_ironic();
  const auto one = programs_->start_conductor("one");
  const auto two = programs_->start_conductor("two");
  const auto api = programs_->start_api();
  ASSERT_TRUE(joined(*one)) << one->output();
  ASSERT_TRUE(joined(*two)) << two->output();
  ASSERT_TRUE(programs_->serves()) << api->output();
  ASSERT_TRUE(support::eventually([&] { return programs_->start_node(0) == 202; }));
  for (int i = 1; i < 3; ++i)
    EXPECT_EQ(programs_->start_node(i), 202);
  EXPECT_TRUE(programs_->all_are("finished")) << one->output() << two->output();
  EXPECT_EQ(two->stop(), 0);
  EXPECT_EQ(members(), "ironic_inspector.conductor.one\n");
  EXPECT_EQ(programs_->start_node(0), 202);
  EXPECT_EQ(api->stop(), 0);
  EXPECT_EQ(one->stop(), 0);
}

TEST_F(Split, WithoutAConductorItIsA503AndStatusIsServed) {
  const auto api = programs_->start_api();
  ASSERT_TRUE(programs_->serves()) << api->output();
  EXPECT_EQ(programs_->start_node(0), 503);
  EXPECT_EQ(programs_->state_of(0), "none");
}

TEST_F(Split, AKilledConductorComesBackWithinItsLease) {
  const auto one = programs_->start_conductor("one");
  ASSERT_TRUE(joined(*one));
  one->signal(SIGKILL);
  one->wait(10s);
  const auto again = programs_->start_conductor("one");
  ASSERT_TRUE(again->wait_for_output("Joined", 5s)) << again->output();
  EXPECT_EQ(members(), "ironic_inspector.conductor.one\n");
}

TEST_F(Split, ASecondConductorOfOneNameIsRefused) {
  const auto one = programs_->start_conductor("one");
  ASSERT_TRUE(joined(*one));
  const auto [code, output] = ended({Programs::program("ironic-inspector-conductor"),
                                     "--config-file", programs_->configure("one")});
  EXPECT_EQ(code, 1);
  EXPECT_NE(output.find("another conductor that is alive has the same [DEFAULT]host = one"),
            std::string::npos)
      << output;
}

TEST_F(Split, AConductorWaitsForTheBackendAndSaysSo) {
  etcd_->stop();
  const auto one = programs_->start_conductor("one");
  const auto two = programs_->start_conductor("two");
  ASSERT_TRUE(one->wait_for_output("Waiting for the coordination backend", 20s)) << one->output();
  ASSERT_TRUE(two->wait_for_output("Waiting for the coordination backend", 20s)) << two->output();
  EXPECT_EQ(two->stop(), 0);
  etcd_->start();
  EXPECT_TRUE(joined(*one)) << one->output();
}

TEST_F(Split, AStoppedConductorCostsA503InTimeAndNoReader) {
  const auto ironic = programs_->start_ironic();
  const auto one = programs_->start_conductor("one");
  const auto api = programs_->start_api();
  ASSERT_TRUE(joined(*one));
  ASSERT_TRUE(programs_->serves());
  ASSERT_TRUE(support::eventually([&] { return programs_->start_node(0) == 202; }));
  one->freeze();
  const auto start = base::system_env().now();
  EXPECT_EQ(programs_->start_node(1), 503);
  EXPECT_LT(base::system_env().now() - start, 20s);
  EXPECT_NE(programs_->state_of(0), "none");
  one->thaw();
}

}  // namespace
}  // namespace inspector
