#include "inspector/pxe_filter/gate.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "base/env.h"

extern char** environ;

namespace inspector {
namespace {

constexpr auto kLongest = std::chrono::seconds(30);
constexpr std::size_t kMostOutput = 16 * 1024;

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error(std::strerror(errno));
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t which) {
    if (ends[which] >= 0) close(ends[which]);
    ends[which] = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

/// A file in memory with `text` in it, read from its beginning.
class Input {
 public:
  explicit Input(std::string_view text) : fd_(memfd_create("input", MFD_CLOEXEC)) {
    if (fd_ < 0 || write(fd_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        lseek(fd_, 0, SEEK_SET) != 0)
      throw std::runtime_error(std::string("a program's input: ") + std::strerror(errno));
  }
  ~Input() { close(fd_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

pid_t spawn(const std::vector<std::string>& command, const Input& input, const Pipe& output) {
  std::vector<char*> arguments;
  for (const std::string& word : command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input.fd(), 0);
  posix_spawn_file_actions_adddup2(&files, output.ends[1], 1);
  posix_spawn_file_actions_adddup2(&files, output.ends[1], 2);
  posix_spawnattr_t attributes;  // signals as a program expects them, not as our threads have them
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, arguments[0], &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error(command[0] + ": " + std::strerror(error));
  return pid;
}

/// False: the time is up. A daemon that the program leaves behind may keep the pipe open: so its
/// end is looked for as well.
bool read_until_end(int fd, pid_t pid, int& status, std::string& text) {
  base::Env& env = base::system_env();
  const auto deadline = env.after(kLongest);
  std::array<char, 4096> buffer{};
  for (bool open = true; env.now() < deadline;) {
    pollfd file{fd, POLLIN, 0};
    const int ready = open ? poll(&file, 1, 20) : 0;
    if (ready > 0) {
      const ssize_t got = read(fd, buffer.data(), buffer.size());
      if (got > 0 && text.size() < kMostOutput)
        text.append(buffer.data(), static_cast<std::size_t>(got));
      if (got <= 0) open = false;
      if (got > 0) continue;
    }
    if (waitpid(pid, &status, WNOHANG) == pid) return true;
    if (!open) env.sleep_for(std::chrono::milliseconds(5), {});
  }
  return false;
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& command, std::string_view input) {
  const Input file(input);
  Pipe pipe;
  const pid_t pid = spawn(command, file, pipe);
  pipe.close_end(1);
  int status = 0;
  CommandResult result;
  if (!read_until_end(pipe.ends[0], pid, status, result.output)) {
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    throw std::runtime_error(command[0] + " did not end within 30 s");
  }
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::vector<std::string> as_root(const std::string& rootwrap_config) {
  if (geteuid() == 0) return {};
  return {"sudo", "-n", "ironic-inspector-rootwrap", rootwrap_config};
}

}  // namespace inspector
