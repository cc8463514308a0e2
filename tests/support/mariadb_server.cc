#include "tests/support/mariadb_server.h"

#include "tests/support/flushing.h"
#include "tests/support/free_port.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace support {
namespace {

namespace fs = std::filesystem;

constexpr const char* kServer = "/usr/sbin/mariadbd";
constexpr const char* kInstaller = "/usr/bin/mariadb-install-db";

std::string own_name() {
  const passwd* user = getpwuid(geteuid());
  return user != nullptr ? user->pw_name : std::to_string(geteuid());
}

std::vector<std::string> common_arguments() {
  std::vector<std::string> all{"--no-defaults", "--user=" + own_name(),
                               "--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M"};
  if (!flushing())
    all.insert(all.end(), {"--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=2"});
  return all;
}

void make_data(const fs::path& data, const fs::path& folder) {
  const fs::path users = folder / "users.sql";
  std::ofstream(users) << "FLUSH PRIVILEGES;\n"  // else accounts cannot be made
                          "CREATE DATABASE test;\n"
                          "CREATE USER test@'%' IDENTIFIED BY 'test';\n"
                          "GRANT ALL ON *.* TO test@'%';\n";
  std::vector<std::string> command{kInstaller};
  for (auto& argument : common_arguments())
    command.push_back(std::move(argument));
  for (const std::string& argument :
       {std::string("--auth-root-authentication-method=normal"), std::string("--skip-test-db"),
        "--extra-file=" + users.string(), "--datadir=" + data.string()})
    command.push_back(argument);
  run(command);
}

/// What the installer makes takes seconds, a copy does not: the first test of a machine leaves one.
/// Only a folder of our own is taken: others may write into the temporary one too.
void copy_data(const fs::path& data, const fs::path& folder) {
  const fs::path kept =
      fs::temp_directory_path() / ("tooz-test-mariadb-" + std::to_string(geteuid()));
  struct stat status {};
  if (lstat(kept.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode) || status.st_uid != geteuid()) return make_data(data, folder);
  } else {
    const fs::path made = folder / "made";
    make_data(made, folder);
    std::error_code another_was_first;
    fs::rename(made, kept, another_was_first);
  }
  run({"cp", "-a", kept, data});
}

}  // namespace

bool MariadbServer::installed() { return access(kServer, X_OK) == 0; }

MariadbServer::MariadbServer(Options options) : options_(std::move(options)), port_(free_port()) {
  if (!installed()) throw std::runtime_error("MariaDB is not installed");
  if (options_.tls) certificates_ = make_certificates(folder_.path());
  copy_data(data(), folder_.path());
  start();
  if (options_.client_certificates) sql("ALTER USER test@'%' REQUIRE X509");
}

MariadbServer::~MariadbServer() = default;

void MariadbServer::start(const std::vector<std::string>& more) {
  std::vector<std::string> command{kServer};
  for (auto& argument : common_arguments())
    command.push_back(std::move(argument));
  for (const std::string& argument :
       {"--datadir=" + data().string(), "--socket=" + socket().string(),
        "--pid-file=" + (folder_.path() / "pid").string(), "--port=" + std::to_string(port_),
        std::string("--bind-address=127.0.0.1"), std::string("--skip-name-resolve"),
        std::string("--performance-schema=OFF"), std::string("--skip-log-bin")})
    command.push_back(argument);
  if (options_.tls) {
    command.push_back("--ssl-ca=" + certificates_->ca.string());
    command.push_back("--ssl-cert=" + certificates_->server.string());
    command.push_back("--ssl-key=" + certificates_->server_key.string());
  }
  command.insert(command.end(), more.begin(), more.end());
  process_ =
      std::make_unique<Process>(Process::Command{command, {}, folder_.path() / "output", {}});
  eventually([this] { return answers() || !process_->running(); }, std::chrono::seconds(60));
  if (!process_->running() || !answers())
    throw std::runtime_error("MariaDB does not answer: " + process_->output());
}

void MariadbServer::stop() { process_->stop(std::chrono::seconds(30)); }

void MariadbServer::kill() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(20));
}

void MariadbServer::pause() { process_->freeze(); }
void MariadbServer::resume() { process_->thaw(); }

bool MariadbServer::answers() const {
  try {
    sql("SELECT 1");
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::string MariadbServer::sql(const std::string& statements) const {
  return run({"mariadb", "--no-defaults", "--user=root", "--socket=" + socket().string(), "--batch",
              "--skip-column-names", "--execute=" + statements});
}

std::string MariadbServer::make_database() {
  const std::string name = "test" + std::to_string(++databases_);
  sql("CREATE DATABASE " + name);
  return url(name);
}

std::string MariadbServer::url(const std::string& database, const std::string& password) const {
  return "mysql://test:" + password + "@" + host() + "/" + database;
}

}  // namespace support
