#include "tests/e2e/support/deployment.h"

#include "tests/paths/paths.h"
#include "tests/support/free_port.h"

#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace e2e {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Without the lines of what the test itself asked again and again.
void show(const std::filesystem::path& log) {
  std::cout << "--- " << log.filename().string() << "\n";
  std::ifstream in(log);
  for (std::string line; std::getline(in, line);)
    if (line.find(" request client=") == std::string::npos ||
        line.find(" method=GET ") == std::string::npos)
      std::cout << line << "\n";
}

std::string local_url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

}  // namespace

std::string program(const std::string& name) { return support::built_path(name); }

Ended ended(const Words& arguments) {
  const support::TempFolder folder;
  Process process({.arguments = arguments, .output = folder.path() / "output"});
  const int code = process.wait(kSoon).value_or(-1);
  return {code, process.output()};
}

Deployment::Deployment()
    : ironic_port_(support::free_port()), ironic_api_(local_url(ironic_port_)) {}

void Deployment::TearDown() {
  if (!HasFailure()) return;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    if (entry.path().extension() == ".log") show(entry.path());
}

void Deployment::start_ironic(const Machines& machines, const std::string& inspector) {
  Words arguments{program("ironic-sim"),
                  "--port",
                  std::to_string(ironic_port_),
                  "--nodes",
                  std::to_string(machines.count),
                  "--boot-time",
                  machines.boot_time,
                  "--inspector",
                  inspector};
  arguments.insert(arguments.end(), machines.trouble.begin(), machines.trouble.end());
  ironic_ = run("ironic", arguments);
  if (!eventually([&] { return ironic_api_.get("/v1/").status == 200 || !ironic_->running(); },
                  kSoon) ||
      !ironic_->running())
    throw std::runtime_error("ironic-sim does not start: " + ironic_->output());
}

boost::json::value Deployment::ironic_node(int i) const {
  return ironic_api_.get("/v1/nodes/" + node_uuid(i)).json();
}

boost::json::array Deployment::ironic_ports(int i) const {
  const boost::json::value answer = ironic_api_.get("/v1/ports/detail?node=" + node_uuid(i)).json();
  return answer.is_object() ? answer.at("ports").as_array() : boost::json::array();
}

Config Deployment::common(const std::string& database) const {
  Config config;
  config.set("DEFAULT", "auth_strategy", "noauth")
      .set("DEFAULT", "introspection_delay", "0")
      .set("DEFAULT", "clean_up_period", "1")
      .set("ironic", "auth_type", "none")
      .set("ironic", "endpoint_override", ironic_api_.url())
      .set("database", "connection", database)
      .set("processing", "store_data", "database")
      .set("pxe_filter", "driver", "noop");
  return config;
}

std::filesystem::path Deployment::write(const std::string& name, const Config& config) const {
  const std::filesystem::path file = folder_.path() / (name + ".conf");
  config.write(file);
  return file;
}

void Deployment::upgrade_database(const Config& config) const {
  support::run(
      {program("ironic-inspector-dbsync"), "--config-file", write("dbsync", config), "upgrade"});
}

Running Deployment::run(const std::string& name, Words arguments) const {
  return std::make_unique<Process>(Process::Command{.arguments = std::move(arguments),
                                                    .output = folder_.path() / (name + ".log")});
}

std::string Deployment::log(const std::string& name) const {
  return contents(folder_.path() / (name + ".log"));
}

bool Deployment::all_become(const Api& api, int count, std::string_view state, seconds timeout) {
  int next = 0;
  return eventually(
      [&] {
        while (next < count && api.state(next) == state)
          ++next;
        return next == count;
      },
      timeout);
}

void Deployment::note(const std::string& what, milliseconds took) const {
  std::cout << "  " << what << ": " << took.count() << " ms\n";
}

}  // namespace e2e
