// The API inside Debian's WSGI containers, over etcd, PostgreSQL and a conductor.
#include "tests/e2e/support/cluster_deployment.h"
#include "tests/e2e/support/load.h"
#include "tests/e2e/support/wsgi_container.h"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

namespace e2e {
namespace {

constexpr int kMachines = 3;
constexpr int kClients = 4;

class Wsgi : public ClusterDeployment {
 protected:
  void SetUp() override {
    ClusterDeployment::SetUp();
    if (IsSkipped()) return;
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0777));
    start_ironic({.count = kMachines}, reserve_api());
    conductor_ = std::make_unique<Member>(conductor("c1"));
  }

  Config config(const std::string& host) const override {
    Config all = ClusterDeployment::config(host);
    if (host == "wsgi") all.set("DEFAULT", "log_file", log_file().string());
    return all;
  }

  std::filesystem::path log_file() const { return folder_.path() / "wsgi-api.log"; }

  void start(const WsgiContainer& container) {
    const std::filesystem::path folder = folder_.path() / container.name;
    std::filesystem::create_directory(folder);
    std::ofstream(log_file()).close();
    std::filesystem::permissions(log_file(), std::filesystem::perms(0666));
    const std::string file = write("wsgi", config("wsgi"));
    const std::string& url = api().url();
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    container_ = std::make_unique<Process>(
        Process::Command{.arguments = container.command({folder, port}),
                         .environment = container.environment_with(file),
                         .output = folder_.path() / (container.name + ".log")});
    ASSERT_TRUE(api().serves()) << container_->output();
  }

  /// Processes that have served, in the order of their first request.
  std::vector<pid_t> served() const {
    std::vector<pid_t> pids;
    std::istringstream lines(log("wsgi-api"));
    for (std::string line; std::getline(lines, line);) {
      if (line.find("The API serves in a WSGI container") == std::string::npos) continue;
      std::istringstream words(line);
      std::string day, hour;
      pid_t pid = 0;
      if (words >> day >> hour >> pid) pids.push_back(pid);
    }
    return pids;
  }
  bool serve(std::size_t processes) const {
    return eventually([&] { return served().size() >= processes; }, seconds(60));
  }

  /// SIGKILL. Returns when it has gone: no connection is taken by it after that.
  base::Env::TimePoint kill_worker(pid_t worker) const {
    kill(worker, SIGKILL);
    EXPECT_TRUE(eventually([&] { return kill(worker, 0) != 0 || is_zombie(worker); }));
    return now();
  }
  static bool is_zombie(pid_t pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    return !(stat >> id >> name >> state) || state == "Z";
  }

  void introspect_all() {
    for (int i = 0; i < kMachines; ++i)
      EXPECT_EQ(api().start(i).text(), "202 {}");
    EXPECT_TRUE(all_become(api(), kMachines, "finished")) << api().states(kMachines);
  }

  void expect_bodies_of_all_kinds() {
    const std::string rule =
        R"({"conditions": [], "actions": [{"action": "fail", "message": "x"}]})";
    EXPECT_EQ(api().ask("POST", "/v1/rules", rule).status, 201);
    EXPECT_EQ(api().ask("DELETE", "/v1/rules").status, 204);
    EXPECT_EQ(api().ask("HEAD", "/v1").body, "");
    EXPECT_EQ(api().get("/v1/introspection/%ff").status, 400);
    EXPECT_EQ(support::run({"curl", "-s", "-H", "Transfer-Encoding: chunked", "-d", rule, "-o",
                            "/dev/null", "-w", "%{http_code}", api().url() + "/v1/rules"}),
              "201");
    EXPECT_EQ(api().ask("DELETE", "/v1/rules").status, 204);
  }

  /// Both workers are killed, one after the other, and then all are replaced; nobody but who had a
  /// request inside a killed one notices.
  void survive(const WsgiContainer& container) {
    Load load(api().url(), kClients);
    ASSERT_TRUE(serve(2)) << "the second worker does not serve";
    std::vector<base::Env::TimePoint> killed;
    for (std::size_t i = 0; i < 2; ++i) {
      killed.push_back(kill_worker(served().at(i)));
      ASSERT_TRUE(serve(3 + i)) << "nobody takes the place of a worker that was killed";
    }
    const std::vector<pid_t> all = served();
    container.restart(*container_, {all.end() - 2, all.end()});
    EXPECT_TRUE(serve(6)) << "the workers are not replaced";
    const int answered = load.answered();
    EXPECT_TRUE(eventually([&] { return load.answered() > answered + 20; }));
    expect_only_inside_killed(load.end(), killed);
    std::cout << "  answered meanwhile: " << load.answered() << "\n";
  }

  static void expect_only_inside_killed(const std::vector<Load::Failure>& failures,
                                        const std::vector<base::Env::TimePoint>& killed) {
    EXPECT_LE(failures.size(), killed.size() * kClients);
    for (const Load::Failure& each : failures) {
      const bool inside = std::ranges::any_of(killed, [&](const base::Env::TimePoint& at) {
        return each.begun <= at && at - each.begun < seconds(20);
      });
      EXPECT_TRUE(inside) << each.what;
    }
    std::cout << "  requests inside a killed worker: " << failures.size() << "\n";
  }

  void expect_stop_under_load() {
    const Load load(api().url(), kClients);
    EXPECT_TRUE(eventually([&] { return load.answered() > 20; }));
    const auto begin = now();
    EXPECT_EQ(container_->stop(seconds(30)), 0) << container_->output();
    note("stop of the container under load", since(begin));
  }

  void run_in(const WsgiContainer& container) {
    if (!container.installed()) GTEST_SKIP() << container.name << " is not installed";
    start(container);
    if (HasFatalFailure()) return;
    introspect_all();
    expect_bodies_of_all_kinds();
    survive(container);
    expect_stop_under_load();
  }

 private:
  std::unique_ptr<Member> conductor_;
  Running container_;
};

TEST_F(Wsgi, UwsgiThatLoadsItBeforeItForks) { run_in(uwsgi_container({"--threads", "4"})); }

TEST_F(Wsgi, UwsgiWhoseWorkersLoadIt) {
  run_in(uwsgi_container({"--threads", "4", "--lazy-apps"}));
}

TEST_F(Wsgi, UwsgiWithoutThreads) { run_in(uwsgi_container({})); }

TEST_F(Wsgi, GunicornThatLoadsItBeforeItForks) { run_in(gunicorn_container()); }

TEST_F(Wsgi, ApacheWithDaemons) { run_in(apache_container()); }

}  // namespace
}  // namespace e2e
