#include "tests/support/memcached_server.h"

#include "tests/support/free_port.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace support {
namespace {

constexpr const char* kProgram = "/usr/bin/memcached";

}  // namespace

bool MemcachedServer::installed() { return access(kProgram, X_OK) == 0; }

MemcachedServer::MemcachedServer(std::vector<std::string> more)
    : more_(std::move(more)), port_(free_port()) {
  start();
}

MemcachedServer::~MemcachedServer() = default;

std::string MemcachedServer::url(const std::string& options) const {
  return "memcached://" + host() + (options.empty() ? "" : "?" + options);
}

void MemcachedServer::start() {
  std::vector<std::string> command{kProgram, "-l", "127.0.0.1", "-p", std::to_string(port_)};
  if (geteuid() == 0) command.insert(command.end(), {"-u", "nobody"});
  command.insert(command.end(), more_.begin(), more_.end());
  process_ =
      std::make_unique<Process>(Process::Command{command, {}, folder_.path() / "output", {}, {}});
  eventually([this] { return answers() || !process_->running(); });
  if (!process_->running() || !answers())
    throw std::runtime_error("memcached does not answer: " + process_->output());
}

bool MemcachedServer::answers() const {
  try {
    return ask("version\r\nquit\r\n").starts_with("VERSION");
  } catch (const std::runtime_error&) {
    return false;
  }
}

std::string MemcachedServer::ask(const std::string& commands) const {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(fd, commands.data(), commands.size(), MSG_NOSIGNAL) > 0) {
    std::array<char, 4096> buffer{};
    for (ssize_t count = 0; (count = read(fd, buffer.data(), buffer.size())) > 0;)
      answer.append(buffer.data(), static_cast<std::size_t>(count));
  }
  close(fd);
  if (answer.empty()) throw std::runtime_error("memcached does not answer");
  return answer;
}

void MemcachedServer::stop() { process_->stop(); }

void MemcachedServer::kill() {
  process_->signal(SIGKILL);
  process_->wait(std::chrono::seconds(10));
}

void MemcachedServer::pause() { process_->freeze(); }
void MemcachedServer::resume() { process_->thaw(); }

}  // namespace support
