#include "tests/support/free_port.h"

#include "base/env.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <set>
#include <stdexcept>

namespace support {
namespace {

constexpr int kLowest = 10240;
constexpr int kAttempts = 1000;

/// Where the system takes the ports of outgoing connections from.
int first_outgoing() {
  int first = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
  constexpr int kUsual = 32768, kTooFew = 2000;
  return first > kLowest + kTooFew ? first : kUsual;
}

bool is_free(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool free = fd >= 0 && bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  if (fd >= 0) close(fd);
  return free;
}

/// Who was given one may not have started its server yet.
bool is_new(std::uint16_t port) {
  static std::mutex mutex;
  static std::set<std::uint16_t> given;
  const std::lock_guard guard(mutex);
  return given.insert(port).second;
}

}  // namespace

std::uint16_t free_port() {
  const auto ports = static_cast<std::uint64_t>(first_outgoing() - kLowest);
  for (int i = 0; i < kAttempts; ++i) {
    const auto port = static_cast<std::uint16_t>(kLowest + base::system_env().random() % ports);
    if (is_free(port) && is_new(port)) return port;
  }
  throw std::runtime_error("no free port");
}

}  // namespace support
