#include "tests/support/postgresql_server.h"

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

/// The newest installed; empty: none.
fs::path programs() {
  fs::path newest;
  std::error_code none;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
    if (fs::exists(version.path() / "bin/postgres") && version.path() / "bin" > newest)
      newest = version.path() / "bin";
  return newest;
}

/// Who the server runs as: ourselves, unless we are root.
std::pair<uid_t, gid_t> server_user() {
  if (geteuid() != 0) return {geteuid(), getegid()};
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) throw std::runtime_error("there is no user postgres");
  return {user->pw_uid, user->pw_gid};
}

std::vector<std::string> as_server_user(std::vector<std::string> command) {
  if (geteuid() != 0) return command;
  // setpriv becomes the program, so its process id is the server's.
  std::vector<std::string> all = {"setpriv",        "--reuid=postgres", "--regid=postgres",
                                  "--clear-groups", "--pdeathsig=KILL", "--"};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

void give_to_server_user(const fs::path& path) {
  const auto [user, group] = server_user();
  if (chown(path.c_str(), user, group) != 0)
    throw std::runtime_error("cannot give " + path.string() + " to the server's user");
}

void make_cluster(const fs::path& data, const fs::path& folder) {
  const fs::path password = folder / "password";
  std::ofstream(password) << "test\n";
  give_to_server_user(password);
  run(as_server_user({programs() / "initdb", "--no-sync", "--no-instructions", "--wal-segsize=1",
                      "--encoding=UTF8", "--locale=C.UTF-8", "--username=test",
                      "--auth-local=trust", "--auth-host=scram-sha-256",
                      "--pwfile=" + password.string(), "--pgdata=" + data.string()}));
}

/// initdb takes seconds, a copy of what it made does not: the first test of a machine leaves one.
/// Only a folder of the server's own user is taken: others may write into the temporary one too.
void copy_cluster(const fs::path& data, const fs::path& folder) {
  const auto user = server_user().first;
  const std::string version = programs().parent_path().filename();
  const fs::path kept = fs::temp_directory_path() /
                        ("tooz-test-postgresql-" + version + "-small-" + std::to_string(user));
  struct stat status {};
  if (lstat(kept.c_str(), &status) == 0) {
    if (!S_ISDIR(status.st_mode) || status.st_uid != user) return make_cluster(data, folder);
  } else {
    const fs::path made = folder / "made";
    make_cluster(made, folder);
    std::error_code another_was_first;
    fs::rename(made, kept, another_was_first);
  }
  run(as_server_user({"cp", "-a", kept, data}));
}

}  // namespace

bool PostgresqlServer::installed() { return !programs().empty(); }

PostgresqlServer::PostgresqlServer(const Options& options) : options_(options), port_(free_port()) {
  if (!installed()) throw std::runtime_error("PostgreSQL is not installed");
  give_to_server_user(folder_.path());
  if (options_.standby_of != nullptr)
    copy_from(*options_.standby_of);
  else
    copy_cluster(data(), folder_.path());
  if (options_.tls) use_certificates();
  start();
}

void PostgresqlServer::copy_from(const PostgresqlServer& primary) {
  run(as_server_user({programs() / "pg_basebackup", "--write-recovery-conf", "--no-sync",
                      "--checkpoint=fast", "--username=test",
                      "--host=" + primary.folder_.path().string(),
                      "--port=" + std::to_string(primary.port_), "--pgdata=" + data().string()}));
}

void PostgresqlServer::use_certificates() {
  certificates_ = make_certificates(folder_.path());
  give_to_server_user(certificates_->server_key);
  if (!options_.client_certificates) return;
  std::ofstream(data() / "pg_hba.conf")
      << "local all all trust\n"
         "hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n";
}

PostgresqlServer::~PostgresqlServer() = default;

void PostgresqlServer::start() {
  std::vector<std::string> command{
      programs() / "postgres", "-D", data(), "-k", folder_.path(), "-p", std::to_string(port_)};
  const auto set = [&](const std::string& setting) {
    command.insert(command.end(), {"-c", setting});
  };
  for (const char* setting : {"listen_addresses=127.0.0.1", "autovacuum=off", "shared_buffers=16MB",
                              "deadlock_timeout=100ms", "wal_retrieve_retry_interval=100ms"})
    set(setting);
  if (!flushing()) {
    set("fsync=off");
    set("full_page_writes=off");
  }
  if (certificates_) {
    set("ssl=on");
    set("ssl_ca_file=" + certificates_->ca.string());
    set("ssl_cert_file=" + certificates_->server.string());
    set("ssl_key_file=" + certificates_->server_key.string());
  }
  process_ = std::make_unique<Process>(
      Process::Command{as_server_user(command), {}, folder_.path() / "output", {}});
  eventually([this] { return answers() || !process_->running(); });
  if (!process_->running() || !answers())
    throw std::runtime_error("PostgreSQL does not answer: " + process_->output());
}

void PostgresqlServer::stop() {
  process_->signal(SIGINT);  // its "fast" shutdown
  if (!process_->wait(std::chrono::seconds(20)))
    throw std::runtime_error("PostgreSQL does not stop: " + process_->output());
}

void PostgresqlServer::kill() {
  process_->signal(SIGQUIT);  // its "immediate" one: no goodbye, recovery at the next start
  process_->wait(std::chrono::seconds(20));
}

// Those that serve a connection are processes of their own, and in no group with the first one.
std::vector<pid_t> PostgresqlServer::children() const {
  const std::string pid = std::to_string(process_->pid());
  std::ifstream list("/proc/" + pid + "/task/" + pid + "/children");
  std::vector<pid_t> found;
  for (pid_t child = 0; list >> child;)
    found.push_back(child);
  return found;
}

void PostgresqlServer::pause() {
  process_->freeze();  // first: then it makes no more of them
  for (const pid_t child : children())
    ::kill(child, SIGSTOP);
}

void PostgresqlServer::resume() {
  for (const pid_t child : children())
    ::kill(child, SIGCONT);
  process_->thaw();
}

std::string PostgresqlServer::sql(const std::string& statements,
                                  const std::string& database) const {
  return run({programs() / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "test",
              "-h", folder_.path(), "-p", std::to_string(port_), "-d", database, "-c", statements});
}

bool PostgresqlServer::answers() const {
  try {
    run({programs() / "pg_isready", "-q", "-h", folder_.path(), "-p", std::to_string(port_)});
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::string PostgresqlServer::make_database() {
  const std::string name = "test" + std::to_string(++databases_);
  run({programs() / "createdb", "-U", "test", "-h", folder_.path(), "-p", std::to_string(port_),
       "-T", "template0", name});
  return url(name);
}

std::string PostgresqlServer::url(const std::string& database, const std::string& password) const {
  return "postgresql://test:" + password + "@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

}  // namespace support
