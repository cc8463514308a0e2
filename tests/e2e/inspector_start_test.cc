// What a program that cannot work says before it ends.
#include "tests/e2e/support/standalone_deployment.h"
#include "tests/support/free_port.h"
#include "tests/support/postgresql_server.h"

#include <algorithm>
#include <sstream>

namespace e2e {
namespace {

struct Refusal {
  std::string program;
  Config config;
  std::string text;
};

/// Lines of the log begin with the date.
std::string without_log(const std::string& output) {
  std::istringstream in(output);
  std::string rest;
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with("20")) rest += line + "\n";
  return rest;
}

/// At the end of a text whose rest grows with what a build has.
constexpr std::string_view kAndSoOn = "…";

class Start : public StandaloneDeployment {
 protected:
  Ended run_with(const std::string& name, const std::string& file) const {
    if (name == "ironic-inspector-api-wsgi")
      return ended({program(name), "--", "--config-file", file});
    return ended({program(name), "--config-file", file});
  }
  void expect_refusal(const Refusal& refusal) const {
    const Ended end = run_with(refusal.program, write("refused", refusal.config));
    EXPECT_EQ(end.code, 1) << refusal.text;
    const std::string_view text = refusal.text;
    const std::string output = without_log(end.output);
    if (text.ends_with(kAndSoOn))
      EXPECT_TRUE(output.starts_with(text.substr(0, text.size() - kAndSoOn.size()))) << output;
    else
      EXPECT_EQ(output, refusal.text + "\n");
  }
  /// Refused as `file:line: [section]option = value`, and why.
  void expect_bad_value(const std::string& section, const std::string& option,
                        const std::string& value, const std::string& why) const {
    const Config changed = config().set(section, option, value);
    const std::string before = changed.text().substr(0, changed.text().find(option + " = "));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    expect_refusal({"ironic-inspector", changed,
                    write("refused", changed).string() + ":" + std::to_string(line) + ": [" +
                        section + "]" + option + " = " + value + why});
  }
};

const char* const kPrograms[] = {"ironic-inspector", "ironic-inspector-conductor",
                                 "ironic-inspector-api-wsgi"};

Config mode(const std::string& standalone) {
  return Config().set("DEFAULT", "standalone", standalone);
}

TEST_F(Start, EachProgramTakesOneValueOfStandaloneOnly) {
  const std::string keystone =
      "[DEFAULT]auth_strategy = keystone needs [keystone_authtoken]auth_type (password, "
      "v3applicationcredential, token) and what belongs to it";
  const Refusal kRefusals[] = {
      {"ironic-inspector", mode("False"),
       "To run ironic-inspector in standalone mode, [DEFAULT]standalone should be set to True."},
      {"ironic-inspector-conductor", mode("True"),
       "To run ironic-inspector-conductor, [DEFAULT]standalone should be set to False."},
      {"ironic-inspector-conductor", Config(),
       "To run ironic-inspector-conductor, [DEFAULT]standalone should be set to False."},
      {"ironic-inspector-api-wsgi", mode("True"),
       "To run ironic-inspector-api, [DEFAULT]standalone should be set to False."},
      {"ironic-inspector-api-wsgi", Config(),
       "To run ironic-inspector-api, [DEFAULT]standalone should be set to False."},
      // The right one leads to the next thing that is asked.
      {"ironic-inspector", mode("True"), keystone},
      {"ironic-inspector-conductor", mode("False"), keystone},
      {"ironic-inspector-api-wsgi", mode("False"), keystone},
  };
  for (const Refusal& refusal : kRefusals)
    expect_refusal(refusal);
}

TEST_F(Start, AnEmptyConfigurationIsRefusedByNameAndValue) {
  expect_refusal(
      {"ironic-inspector", Config().set("pxe_filter", "driver", "noop"),
       "[DEFAULT]auth_strategy = keystone needs [keystone_authtoken]auth_type (password, "
       "v3applicationcredential, token) and what belongs to it"});
  Config noauth;
  noauth.set("DEFAULT", "auth_strategy", "noauth");
  expect_refusal(
      {"ironic-inspector", noauth, "[ironic]auth_type = password needs [ironic]auth_url"});
}

TEST_F(Start, ABadValueIsNamedWithFileLineSectionOptionAndWhatIsAccepted) {
  expect_bad_value("processing", "store_data", "ceph", ": accepted are none, database, swift");
  expect_bad_value("pxe_filter", "driver", "router", ": accepted are iptables, dnsmasq, noop");
  expect_bad_value("DEFAULT", "listen_port", "99999", ": not an integer from 0 to 65535");
  expect_bad_value("DEFAULT", "standalone", "maybe",
                   ": not a boolean; accepted are 1, t, true, on, y, yes and 0, f, false, off, n, "
                   "no");
}

TEST_F(Start, AMissingConfigurationFileIsOneLine) {
  const std::string file = folder_.path() / "missing.conf";
  for (const char* name : kPrograms) {
    const Ended end = run_with(name, file);
    EXPECT_EQ(end.code, 1) << name;
    EXPECT_EQ(end.output, "cannot read configuration file " + file + "\n") << name;
  }
}

TEST_F(Start, ADatabaseThatDoesNotAnswerIsAwaitedAndNamedWithoutItsPassword) {
  const std::string host = "127.0.0.1:" + std::to_string(support::free_port());
  for (const std::string name : kPrograms) {
    Config config = common("postgresql://test:secret@" + host + "/inspector");
    config.set("DEFAULT", "standalone", name == "ironic-inspector" ? "True" : "False")
        .set("coordination", "backend_url", "memory://test")
        .set("json_rpc", "host_ip", "127.0.0.1");
    Words command{program(name), "--config-file", write("waits", config)};
    if (name == "ironic-inspector-api-wsgi") command.insert(command.begin() + 1, "--");
    support::Process process({.arguments = command, .output = folder_.path() / (name + ".log")});
    EXPECT_TRUE(
        process.wait_for_output("Waiting for the database postgresql://test@" + host, kSoon))
        << process.output();
    EXPECT_EQ(process.output().find("secret"), std::string::npos);
    EXPECT_EQ(process.stop(), 0) << process.output();
  }
}

TEST_F(Start, ASchemaThatIsNotThereAsksForItsUpgrade) {
  expect_refusal({"ironic-inspector", config(),
                  "the database does not have the newest schema; run `ironic-inspector-dbsync "
                  "upgrade`"});
}

TEST_F(Start, AnAddressThatCannotBeListenedOnIsNamed) {
  start();
  const std::string port = std::to_string(this->port());
  expect_refusal(
      {"ironic-inspector", config(),
       "[DEFAULT]listen_address, listen_port: cannot listen on address '127.0.0.1' port " + port +
           ": Address already in use"});
  expect_refusal(
      {"ironic-inspector", config().set("DEFAULT", "listen_address", "192.0.2.1"),
       "[DEFAULT]listen_address, listen_port: cannot listen on address '192.0.2.1' port " + port +
           ": Cannot assign requested address"});
}

TEST_F(Start, WhatIsOnlyFoundWhenItIsOpenedIsNamed) {
  upgrade_database(config());
  const Refusal kRefusals[] = {
      {"ironic-inspector", config().set("database", "connection", "oracle://host/x"),
       "[database]connection: database URL: 'oracle' is not a database this build can use: sqlite, "
       "postgresql or mysql"},
      {"ironic-inspector", config().set("processing", "processing_hooks", "nosuch"),
       "The following hook(s) are missing or failed to load: nosuch\nthere is no hook nosuch\n"
       "[processing]processing_hooks accepts ramdisk_error, root_disk_selection, scheduler, "
       "validate_interfaces, capabilities, pci_devices…"},
      {"ironic-inspector",
       config()
           .set("DEFAULT", "use_ssl", "True")
           .set("ssl", "cert_file", "/nonexistent/cert.pem")
           .set("ssl", "key_file", "/nonexistent/key.pem"),
       "[ssl]cert_file: TLS: cannot use certificate file '/nonexistent/cert.pem': No such file or "
       "directory"},
      {"ironic-inspector", config().set("ironic", "endpoint_override", "ftp://ironic"),
       "[ironic]endpoint_override: accepted: http://, https:// or http+unix:// with host, port "
       "and path, without user, query or fragment"},
  };
  for (const Refusal& refusal : kRefusals)
    expect_refusal(refusal);
}

TEST_F(Start, TheCatalogueForMdnsIsAskedAsOftenAsItsSectionSays) {
  Config config = this->config();
  config.set("DEFAULT", "enable_mdns", "True")
      .set("service_catalog", "auth_type", "password")
      .set("service_catalog", "auth_url",
           "http://127.0.0.1:" + std::to_string(support::free_port()) + "/v3")
      .set("service_catalog", "username", "u")
      .set("service_catalog", "password", "p")
      .set("service_catalog", "connect_retries", "2")
      .set("service_catalog", "connect_retry_delay", "0");
  upgrade_database(config);
  const Ended refused =
      ended({program("ironic-inspector"), "--config-file", write("mdns", config)});
  EXPECT_EQ(refused.code, 1);
  std::size_t again = 0;
  for (auto at = refused.output.find("trying again"); at != std::string::npos;
       at = refused.output.find("trying again", at + 1))
    ++again;
  EXPECT_EQ(again, 2U) << refused.output;
}

TEST_F(Start, ABackendThatCannotBeIsNamed) {
  const std::pair<std::string, std::string> kCases[] = {
      {"nosuch://user:secret@host",
       " = nosuch://user:***@host: there is no driver `nosuch` in this build, which has etcd3…"},
      {"etcd3+http://host:x",
       ": port `x` is not a number from 1 to 65535: the backend URL cannot be used"},
      {"no url",
       ": a backend URL begins with scheme://, for example etcd3://localhost:2379: the backend URL "
       "cannot be used"},
  };
  for (const auto& [url, text] : kCases) {
    Config config = common("sqlite:///" + (folder_.path() / "x.sqlite").string());
    config.set("DEFAULT", "standalone", "False").set("json_rpc", "host_ip", "127.0.0.1");
    config.set("coordination", "backend_url", url);
    for (const char* name : {"ironic-inspector-conductor", "ironic-inspector-api-wsgi"})
      expect_refusal({name, config, "[coordination]backend_url" + text});
  }
}

}  // namespace
}  // namespace e2e
