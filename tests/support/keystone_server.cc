#include "tests/support/keystone_server.h"

#include "tests/paths/paths.h"
#include "tests/support/free_port.h"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManage = "/usr/bin/keystone-manage";
constexpr const char* kGunicorn = "/usr/bin/gunicorn";

// Keystone logs to where this stands; its own folder in /var is not ours to write to.
void write_config(const fs::path& folder) {
  std::ofstream(folder / "keystone.conf")
      << "[DEFAULT]\nlog_file = " << (folder / "keystone.log").string()
      << "\n[database]\nconnection = sqlite:///" << (folder / "keystone.db").string()
      << "\n[fernet_tokens]\nkey_repository = " << (folder / "fernet").string()
      << "\n[credential]\nkey_repository = " << (folder / "credential").string()
      << "\n[cache]\nenabled = false\n";
  std::ofstream(folder / "application.py")
      << "import sys\n"
         "sys.argv = ['keystone']  # it would take gunicorn's arguments for its own\n"
         "from keystone.server import wsgi\n"
         "application = wsgi.initialize_public_application()\n";
}

}  // namespace

bool KeystoneServer::installed() {
  return access(kManage, X_OK) == 0 && access(kGunicorn, X_OK) == 0;
}

KeystoneServer::KeystoneServer(const std::string& baremetal_url,
                               const std::map<std::string, std::string>& more)
    : port_(free_port()) {
  write_config(folder_.path());
  prepare();
  start();
  std::vector<std::string> fill{
      "/usr/bin/python3", source_path("tests/support/keystone_callers.py"), url(), baremetal_url};
  for (const auto& [type, where] : more)
    fill.push_back(type + "=" + where);
  // Each caller's password is hashed at length: a minute on a machine that is busy.
  Process filling({.arguments = fill, .output = folder_.path() / "callers"});
  if (filling.wait(std::chrono::minutes(5)) != 0)
    throw std::runtime_error("Keystone is not filled: " + filling.output());
  std::istringstream lines(filling.output());
  for (std::string name, token; lines >> name >> token;)
    tokens_[name] = token;
}

KeystoneServer::~KeystoneServer() = default;

void KeystoneServer::prepare() {
  const std::string config = folder_.path() / "keystone.conf";
  const std::string user = std::to_string(geteuid());
  const std::string group = std::to_string(getegid());
  const auto manage = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {kManage, "--config-file", config});
    run(arguments);
  };
  manage({"db_sync"});
  // It reads in one connection and writes in another.
  run({"/usr/bin/python3", "-c",
       "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode=WAL')",
       folder_.path() / "keystone.db"});
  manage({"fernet_setup", "--keystone-user", user, "--keystone-group", group});
  manage({"credential_setup", "--keystone-user", user, "--keystone-group", group});
  manage({"bootstrap", "--bootstrap-password", "secret", "--bootstrap-public-url", url(),
          "--bootstrap-internal-url", url(), "--bootstrap-region-id", "RegionOne"});
}

void KeystoneServer::start() {
  process_ = std::make_unique<Process>(Process::Command{
      .arguments = {kGunicorn, "--bind", "127.0.0.1:" + std::to_string(port_), "--workers", "1",
                    "--threads", "1", "application:application"},
      .environment = {{"OS_KEYSTONE_CONFIG_FILES", folder_.path() / "keystone.conf"}},
      .output = folder_.path() / "gunicorn.log",
      .folder = folder_.path()});
  if (!eventually([&] { return answers() || !process_->running(); }, std::chrono::seconds(90)) ||
      !process_->running())
    throw std::runtime_error("Keystone does not start: " + process_->output());
}

void KeystoneServer::stop() { process_->stop(); }

bool KeystoneServer::answers() const {
  try {
    run({"/usr/bin/python3", "-c",
         "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=30)", url()});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace support
