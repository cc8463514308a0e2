// What a service tells systemd.
#include "tests/e2e/support/standalone_deployment.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>

namespace e2e {
namespace {

/// systemd's end of NOTIFY_SOCKET.
class NotifySocket {
 public:
  explicit NotifySocket(const std::string& path) : fd_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const timeval patience{60, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no socket at " + path);
  }
  ~NotifySocket() { close(fd_); }
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;

  /// Empty: nothing came for a minute.
  std::string next() const {
    std::array<char, 100> text{};
    const ssize_t got = recv(fd_, text.data(), text.size(), 0);
    return {text.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }
  /// The next that is no sign of life.
  std::string next_state() const {
    for (std::string text = next();; text = next())
      if (text != "WATCHDOG=1") return text;
  }

 private:
  int fd_;
};

class Systemd : public StandaloneDeployment {};

TEST_F(Systemd, IsToldWhenTheServiceIsReadyAliveAndStopping) {
  const std::string path = folder_.path() / "notify";
  const NotifySocket socket(path);
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  setenv("WATCHDOG_USEC", "300000", 1);
  start();
  unsetenv("NOTIFY_SOCKET");
  unsetenv("WATCHDOG_USEC");
  EXPECT_EQ(socket.next_state(), "READY=1");
  EXPECT_EQ(socket.next(), "WATCHDOG=1");
  EXPECT_EQ(socket.next(), "WATCHDOG=1");
  inspector().signal(SIGTERM);
  EXPECT_EQ(socket.next_state(), "STOPPING=1");
  EXPECT_EQ(inspector().wait(kSoon), 0);
}

}  // namespace
}  // namespace e2e
