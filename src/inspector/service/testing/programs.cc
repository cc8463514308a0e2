#include "inspector/service/testing/programs.h"

#include "tests/paths/paths.h"
#include "tests/support/free_port.h"

#include <cstdio>
#include <fstream>

namespace inspector::testing {

using namespace std::chrono_literals;

Programs::Programs(std::string backend_url, int nodes)
    : backend_url_(std::move(backend_url)),
      nodes_(nodes),
      api_port_(support::free_port()),
      ironic_port_(support::free_port()),
      client_(base::system_env(), {}) {
  support::run(
      {program("ironic-inspector-dbsync"), "--config-file", configure("dbsync"), "upgrade"});
}

std::string Programs::program(const std::string& name) { return support::built_path(name); }

std::filesystem::path Programs::configure(const std::string& name, const std::string& more) {
  std::filesystem::path file = folder_.path() / (name + ".conf");
  std::ofstream out(file);
  out << "[DEFAULT]\nhost = " << name
      << "\nstandalone = " << (backend_url_.empty() ? "True" : "False")
      << "\nauth_strategy = noauth\nlisten_address = 127.0.0.1\nlisten_port = " << api_port_
      << "\nintrospection_delay = 0\nclean_up_period = 1\n"
      << more
      << "\n[ironic]\nauth_type = none\nendpoint_override = http://127.0.0.1:" << ironic_port_
      << "\n[database]\nconnection = sqlite:///" << (folder_.path() / "inspector.sqlite").string()
      << "\n[processing]\nstore_data = database\n[pxe_filter]\ndriver = noop\n[json_rpc]\nhost_ip "
         "= "
         "127.0.0.1\nport = 0\n[coordination]\nbackend_url = "
      << (backend_url_.empty() ? "memory://unused" : backend_url_) << "\n";
  return file;
}

Programs::Running Programs::start_ironic() {
  auto running = std::make_unique<support::Process>(support::Process::Command{
      .arguments = {program("ironic-sim"), "--port", std::to_string(ironic_port_), "--nodes",
                    std::to_string(nodes_), "--boot-time", "500ms", "--inspector", api_url()}});
  const std::string ironic = "http://127.0.0.1:" + std::to_string(ironic_port_);
  support::eventually([&] {
    try {
      return client_.send(ironic, {.target = "/v1/"}, base::system_env().now() + 1s, {}).status ==
             200;
    } catch (const http::Error&) {
      return false;
    }
  });
  return running;
}

Programs::Running Programs::start_standalone() {
  return std::make_unique<support::Process>(support::Process::Command{
      .arguments = {program("ironic-inspector"), "--config-file", configure("standalone")},
      .output = folder_.path() / "standalone.log"});
}

Programs::Running Programs::start_conductor(const std::string& host) {
  return std::make_unique<support::Process>(support::Process::Command{
      .arguments = {program("ironic-inspector-conductor"), "--config-file", configure(host)},
      .output = folder_.path() / (host + ".log")});
}

Programs::Running Programs::start_api() {
  return std::make_unique<support::Process>(support::Process::Command{
      .arguments = {program("ironic-inspector-api-wsgi"), "--host", "127.0.0.1", "--port",
                    std::to_string(api_port_), "--", "--config-file", configure("api")},
      .output = folder_.path() / "api.log"});
}

std::pair<int, boost::json::value> Programs::ask(const std::string& method,
                                                 const std::string& path) {
  const http::Response answer = client_.send(api_url(), {.method = method, .target = path},
                                             base::system_env().now() + 30s, {});
  boost::json::error_code error;
  boost::json::value body = boost::json::parse(answer.body, error);
  return {answer.status, error ? boost::json::value(nullptr) : std::move(body)};
}

bool Programs::serves() {
  return support::eventually([&] {
    try {
      return ask("GET", "/").first == 200;
    } catch (const http::Error&) {
      return false;
    }
  });
}

std::string Programs::uuid(int i) const {
  char text[40];
  std::snprintf(text, sizeof text, "5a1a0000-0000-4000-8000-%012x", i);
  return text;
}

int Programs::start_node(int i) { return ask("POST", "/v1/introspection/" + uuid(i)).first; }

std::string Programs::state_of(int i) {
  const auto [status, body] = ask("GET", "/v1/introspection/" + uuid(i));
  return status == 200 ? std::string(body.at("state").as_string()) : "none";
}

bool Programs::all_are(const std::string& state) {
  return support::eventually([&] {
    for (int i = 0; i < nodes_; ++i)
      if (state_of(i) != state) return false;
    return true;
  });
}

}  // namespace inspector::testing
