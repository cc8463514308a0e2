// The API inside Debian's WSGI containers: where it cannot be loaded, under a path, and with
// clients that do not do as they say. Needs no server.
#include "http/testing/raw_socket.h"
#include "tests/e2e/support/wsgi_container.h"
#include "tests/support/free_port.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

constexpr const char* kMount = "/bare-metal/introspection";

class WsgiTrouble : public Deployment {
 protected:
  WsgiTrouble() { std::filesystem::permissions(folder_.path(), std::filesystem::perms(0777)); }

  Config config() const {
    return common("sqlite:///" + (folder_.path() / "inspector.sqlite").string())
        .set("DEFAULT", "standalone", "False")
        .set("coordination", "backend_url", "file://" + (folder_.path() / "coordination").string());
  }

  std::unique_ptr<Process> begin(const WsgiContainer& container, const std::string& file) const {
    const std::filesystem::path folder = folder_.path() / container.name;
    std::filesystem::create_directory(folder);
    return std::make_unique<Process>(
        Process::Command{.arguments = container.command({folder, port_}),
                         .environment = container.environment_with(file),
                         .output = folder_.path() / (container.name + ".log")});
  }

  /// Says so before anybody asks it something.
  void expect_refusal(const WsgiContainer& container, const std::string& file,
                      const std::string& text) const {
    const auto process = begin(container, file);
    EXPECT_TRUE(
        eventually([&] { return process->output().find(text) != std::string::npos; }, kSoon))
        << process->output();
    if (container.ends_without_application) {
      EXPECT_TRUE(process->wait(kSoon)) << process->output();
    }
    process->stop();
    std::filesystem::remove_all(folder_.path() / container.name);
    std::filesystem::remove(folder_.path() / (container.name + ".log"));
  }

  void expect_refusals(const WsgiContainer& container) const {
    if (!container.installed()) GTEST_SKIP() << container.name << " is not installed";
    const std::string absent = folder_.path() / "absent.conf";
    expect_refusal(container, absent, "cannot read configuration file " + absent);
    expect_refusal(container, write("standalone", config().set("DEFAULT", "standalone", "True")),
                   "To run ironic-inspector-api, [DEFAULT]standalone should be set to False.");
  }

  http::testing::RawSocket connect() const { return http::testing::RawSocket(port_); }

  static std::string report(const std::string& length) {
    return "POST " + std::string(kMount) +
           "/v1/rules HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
  }

  void expect_links(const Api& api) const {
    const auto link = [](const Answer& answer) {
      return std::string(
          answer.json().at("resources").at(0).at("links").at(0).at("href").as_string());
    };
    EXPECT_EQ(link(api.get("/v1")), api.url() + "/v1/continue");
    const Answer rule =
        api.ask("POST", "/v1/rules",
                R"({"conditions": [], "actions": [{"action": "fail", "message": "x"}]})");
    ASSERT_EQ(rule.status, 201) << rule.text();
    const std::string href(rule.json().at("links").at(0).at("href").as_string());
    EXPECT_TRUE(href.starts_with(std::string(kMount) + "/v1/rules/")) << href;
  }

  /// A client that goes away in the midst of a body, one that announces too much, a large report.
  void expect_bad_clients_to_harm_nobody(const Api& api) const {
    for (int i = 0; i < 5; ++i)
      connect().send(report("100000") + R"({"actions": [)");
    auto greedy = connect();
    greedy.send(report("70000000"));
    EXPECT_TRUE(greedy.read_until("\r\n").starts_with("HTTP/1.1 413"));
    const std::string megabytes =
        R"({"inventory": {}, "data": ")" + std::string(3 << 20, 'x') + "\"}";
    EXPECT_EQ(api.ask("POST", "/v1/continue", megabytes).status, 503);  // no conductor is there
    EXPECT_EQ(api.get("/v1/rules").json().at("rules").as_array().size(), 1U);
    EXPECT_EQ(api.ask("HEAD", "/v1").status, 200);
  }

  void run_under_a_mount(const WsgiContainer& container) {
    if (!container.installed()) GTEST_SKIP() << container.name << " is not installed";
    upgrade_database(config());
    std::filesystem::permissions(folder_.path() / "inspector.sqlite", std::filesystem::perms(0666));
    const auto process = begin(container, write("wsgi", config()));
    const Api api("http://127.0.0.1:" + std::to_string(port_) + kMount);
    ASSERT_TRUE(api.serves()) << process->output();
    expect_links(api);
    expect_bad_clients_to_harm_nobody(api);
    EXPECT_EQ(process->stop(seconds(30)), 0) << process->output();
  }

  const std::uint16_t port_ = support::free_port();
};

TEST_F(WsgiTrouble, UwsgiEndsWithTheReasonWhenItCannotBeLoaded) {
  expect_refusals(uwsgi_container({}));
}

TEST_F(WsgiTrouble, UwsgiWhoseWorkersLoadItEndsToo) {
  expect_refusals(uwsgi_container({"--lazy-apps"}));
}

TEST_F(WsgiTrouble, GunicornEndsWithTheReasonWhenItCannotBeLoaded) {
  expect_refusals(gunicorn_container());
}

TEST_F(WsgiTrouble, ApacheTellsTheReasonWhenItCannotBeLoaded) {
  expect_refusals(apache_container());
}

TEST_F(WsgiTrouble, UwsgiWithAMountAndBadClients) {
  run_under_a_mount(uwsgi_container({"--threads", "2"}, kMount));
}

TEST_F(WsgiTrouble, GunicornWithAMountAndBadClients) {
  run_under_a_mount(gunicorn_container(kMount));
}

TEST_F(WsgiTrouble, ApacheWithAMountInASubInterpreterAndBadClients) {
  run_under_a_mount(apache_container(kMount));
}

}  // namespace
}  // namespace e2e
