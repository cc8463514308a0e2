#include "tests/e2e/support/standalone_deployment.h"

#include "tests/support/free_port.h"

namespace e2e {

StandaloneDeployment::StandaloneDeployment()
    : port_(support::free_port()), api_("http://127.0.0.1:" + std::to_string(port_)) {}

Config StandaloneDeployment::config() const {
  return common("sqlite:///" + (folder_.path() / "inspector.sqlite").string())
      .set("DEFAULT", "standalone", "True")
      .set("DEFAULT", "listen_address", "127.0.0.1")
      .set("DEFAULT", "listen_port", std::to_string(port_));
}

void StandaloneDeployment::start(const Config& config) {
  start_elsewhere(config);
  if (!api_.serves()) throw std::runtime_error("the inspector does not serve");
}

void StandaloneDeployment::start_elsewhere(const Config& config) {
  upgrade_database(config);
  inspector_ =
      run("inspector", {program("ironic-inspector"), "--config-file", write("inspector", config)});
  if (!inspector_->wait_for_output("The API listens on", kSoon))
    throw std::runtime_error("the inspector does not start");
}

void StandaloneDeployment::kill() {
  inspector_->signal(SIGKILL);
  inspector_->wait(kSoon);
}

}  // namespace e2e
