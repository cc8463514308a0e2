#include "inspector/config/load.h"

#include "base/ini.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

namespace fs = std::filesystem;

class LoadConfig : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "load-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }

  Config load(Service service, const std::string& text, CommandLine line = {}) {
    const std::string file = (root_ / "i.conf").string();
    std::ofstream(file) << text;
    line.config_files = {file};
    return load_config(service, line, {.home = "", .etc = (root_ / "etc").string()});
  }

  std::string refusal(Service service, const std::string& text) {
    try {
      load(service, text);
    } catch (const base::ConfigError& error) {
      return error.what();
    }
    return "accepted";
  }

  fs::path root_;
};

/// The least that a service can be started with.
std::string least(bool standalone, const std::string& more = "") {
  return "[DEFAULT]\nauth_strategy = noauth\nhost = h\nstandalone = " +
         std::string(standalone ? "True\n" : "False\n") +
         "[pxe_filter]\ndriver = noop\n[ironic]\nauth_type = none\n"
         "endpoint_override = http://127.0.0.1:6385\n" +
         more;
}

TEST_F(LoadConfig, EachServiceRefusesTheWrongMode) {
  EXPECT_EQ(refusal(Service::kStandalone, least(false)),
            "To run ironic-inspector in standalone mode, [DEFAULT]standalone should be set to "
            "True.");
  EXPECT_EQ(refusal(Service::kConductor, least(true)),
            "To run ironic-inspector-conductor, [DEFAULT]standalone should be set to False.");
  EXPECT_EQ(refusal(Service::kApi, least(true)),
            "To run ironic-inspector-api, [DEFAULT]standalone should be set to False.");
  EXPECT_EQ(refusal(Service::kStandalone, least(true)), "accepted");
  EXPECT_EQ(refusal(Service::kConductor, least(false)), "accepted");
  EXPECT_EQ(refusal(Service::kApi, least(false)), "accepted");
}

TEST_F(LoadConfig, AnEmptyConfigurationIsNeverOpen) {
  EXPECT_EQ(refusal(Service::kStandalone, ""),
            "[DEFAULT]auth_strategy = keystone needs [keystone_authtoken]auth_type (password, "
            "v3applicationcredential, token) and what belongs to it");
}

TEST_F(LoadConfig, TheStandaloneServiceListensWhereItsFileSays) {
  const Config config = load(Service::kStandalone, "listen_port = 5051\n" + least(true));
  EXPECT_EQ(config.api.server.port, 5051);
  EXPECT_EQ(config.conductor.host, "h");
  EXPECT_TRUE(config.warnings.empty());
}

TEST_F(LoadConfig, TheApiByItselfListensWhereItsCommandLineSays) {
  CommandLine line;
  EXPECT_EQ(load(Service::kApi, "listen_port = 5051\n" + least(false)).api.server.port, 8000);
  line.port = 9000;
  line.host = "127.0.0.1";
  const Config config = load(Service::kApi, least(false), line);
  EXPECT_EQ(config.api.server.port, 9000);
  EXPECT_EQ(config.api.server.address, "127.0.0.1");
}

TEST_F(LoadConfig, WhatHasNoEffectIsNamed) {
  const Config config =
      load(Service::kStandalone,
           least(true,
                 "[swift]\ncontainer = c\n[DEFAULT]\nleader_election_interval = 3\nfrob = 1\n"
                 "transport_url = rabbit://user:secret@broker/\n"));
  const std::string file = (root_ / "i.conf").string();
  EXPECT_EQ(config.warnings,
            (std::vector<std::string>{
                "[DEFAULT]transport_url names a rabbit broker, which is not used: calls stay in "
                "this process",
                "unknown option is ignored: [DEFAULT]frob (" + file + ":14)",
                "option has no effect here: [DEFAULT]leader_election_interval (" + file + ":13)",
                "option has no effect here: [swift]container (" + file + ":11)"}));
}

TEST_F(LoadConfig, AnOpenRpcPortIsWarnedAbout) {
  EXPECT_EQ(load(Service::kConductor, least(false)).warnings,
            (std::vector<std::string>{
                "JSON-RPC is served without authentication on [json_rpc]host_ip = ::: whoever "
                "reaches it can start and abort introspections"}));
  EXPECT_TRUE(load(Service::kConductor, least(false, "[json_rpc]\nhost_ip = 127.0.0.1\n"))
                  .warnings.empty());
  EXPECT_TRUE(load(Service::kApi, least(false)).warnings.empty());
}

TEST_F(LoadConfig, DebugOnTheCommandLineReachesTheApi) {
  CommandLine line;
  line.debug = true;
  EXPECT_TRUE(load(Service::kStandalone, least(true), line).api.debug);
  EXPECT_FALSE(load(Service::kStandalone, least(true)).api.debug);
}

}  // namespace
}  // namespace inspector
