#include "tests/support/zookeeper_server.h"

#include "tests/support/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

namespace support {
namespace {

constexpr const char* kJar = "/usr/share/java/zookeeper.jar";
constexpr const char* kJava = "/usr/bin/java";

}  // namespace

bool ZookeeperServer::installed() { return access(kJar, R_OK) == 0 && access(kJava, X_OK) == 0; }

ZookeeperServer::ZookeeperServer(Kind kind) {
  if (!installed())
    throw std::runtime_error("zookeeper is not installed; ./test installs what it needs");
  servers_.resize(kind == Kind::kOne ? 1 : 3);
  for (Server& server : servers_) {
    server.port = free_port();
    server.peer_port = free_port();
    server.election_port = free_port();
  }
  for (std::size_t i = 0; i < size(); ++i) {
    configure(i);
    launch(i);
  }
  for (std::size_t i = 0; i < size(); ++i)
    await(i);
}

ZookeeperServer::~ZookeeperServer() = default;

std::filesystem::path ZookeeperServer::folder(std::size_t i) const {
  return folder_.path() / std::to_string(i);
}

void ZookeeperServer::configure(std::size_t i) const {
  std::filesystem::create_directories(folder(i) / "data");
  std::ofstream file(folder(i) / "zoo.cfg");
  file << "tickTime=100\nminSessionTimeout=200\nmaxSessionTimeout=60000\n"
       << "initLimit=300\nsyncLimit=150\ndataDir=" << (folder(i) / "data").string() << "\n"
       << "clientPort=" << servers_[i].port << "\nclientPortAddress=127.0.0.1\nmaxClientCnxns=0\n"
       << "admin.enableServer=false\n4lw.commands.whitelist=*\n";
  if (size() == 1) return;
  for (std::size_t k = 0; k < size(); ++k)
    file << "server." << k + 1 << "=127.0.0.1:" << servers_[k].peer_port << ":"
         << servers_[k].election_port << "\n";
  std::ofstream(folder(i) / "data" / "myid") << i + 1 << "\n";
}

void ZookeeperServer::launch(std::size_t i) {
  servers_[i].process = std::make_unique<Process>(Process::Command{
      {kJava, "-Xms32m", "-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
       "-Dzookeeper.forceSync=no", "-cp", kJar, "org.apache.zookeeper.server.quorum.QuorumPeerMain",
       (folder(i) / "zoo.cfg").string()},
      {},
      folder(i) / "output",
      {}});
}

void ZookeeperServer::await(std::size_t i) {
  Process& process = *servers_[i].process;
  // One that is starting may take a word and forget it; one on a busy machine takes its time.
  bool good = false;
  auto patience = std::chrono::milliseconds(200);
  eventually(
      [&] {
        if (!listens(i)) return !process.running();
        good = ask("stat", i, patience).find("Mode: ") != std::string::npos;
        patience = std::min(patience * 2, kAnswerWithin);
        return good || !process.running();
      },
      std::chrono::seconds(90));
  if (!good) throw std::runtime_error("zookeeper does not answer: " + process.output());
}

std::string ZookeeperServer::hosts() const {
  std::string text;
  for (const Server& server : servers_)
    text += (text.empty() ? "127.0.0.1:" : ",127.0.0.1:") + std::to_string(server.port);
  return text;
}

std::string ZookeeperServer::url(const std::string& options, const std::string& user) const {
  return "zookeeper://" + user + hosts() + (options.empty() ? "" : "?" + options);
}

void ZookeeperServer::stop(std::size_t i) { servers_[i].process->stop(); }

void ZookeeperServer::kill(std::size_t i) {
  servers_[i].process->signal(SIGKILL);
  servers_[i].process->wait(std::chrono::seconds(10));
}

void ZookeeperServer::start(std::size_t i) {
  launch(i);
  await(i);
}

void ZookeeperServer::pause(std::size_t i) { servers_[i].process->freeze(); }
void ZookeeperServer::resume(std::size_t i) { servers_[i].process->thaw(); }

void ZookeeperServer::wipe() {
  for (std::size_t i = 0; i < size(); ++i)
    std::filesystem::remove_all(folder(i) / "data" / "version-2");
}

std::size_t ZookeeperServer::leader() const {
  std::optional<std::size_t> found;
  eventually([&] {
    for (std::size_t i = 0; i < size() && !found; ++i)
      if (ask("stat", i).find("Mode: leader") != std::string::npos) found = i;
    return found.has_value();
  });
  if (!found) throw std::runtime_error("no server leads");
  return *found;
}

int ZookeeperServer::connected(std::size_t i) const {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(servers_[i].port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

bool ZookeeperServer::listens(std::size_t i) const {
  const int fd = connected(i);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

std::string ZookeeperServer::ask(const std::string& word, std::size_t i,
                                 std::chrono::milliseconds patience) const {
  const int fd = connected(i);
  std::string answer;
  if (fd >= 0 && send(fd, word.data(), word.size(), MSG_NOSIGNAL) > 0) {
    std::array<char, 4096> buffer{};
    pollfd polled{fd, POLLIN, 0};
    while (poll(&polled, 1, static_cast<int>(patience.count())) > 0) {
      const auto size = recv(fd, buffer.data(), buffer.size(), 0);
      if (size <= 0) break;
      answer.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }
  if (fd >= 0) close(fd);
  return answer;
}

}  // namespace support
