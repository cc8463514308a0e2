#include "tests/support/lan.h"

#include "tests/support/process.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace support {
namespace {

constexpr const char* kBridge = "10.97.0.1";

void enter(int space) {
  if (::setns(space, CLONE_NEWNET) != 0)
    throw std::system_error(errno, std::generic_category(), "setns");
}

int open_space(const std::string& path) {
  const int space = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (space < 0) throw std::system_error(errno, std::generic_category(), path);
  return space;
}

}  // namespace

Lan::Lan(std::size_t machines) : name_("lan" + std::to_string(getpid())), machines_(machines) {
  add(name_);
  run({"ip", "-n", name_, "link", "add", "bridge", "type", "bridge"});
  run({"ip", "-n", name_, "address", "add", std::string(kBridge) + "/24", "dev", "bridge"});
  run({"ip", "-n", name_, "link", "set", "bridge", "up"});
  for (std::size_t i = 0; i < machines_; ++i) {
    const std::string port = "port" + std::to_string(i);
    add(machine(i));
    run({"ip", "-n", name_, "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns",
         machine(i)});
    run({"ip", "-n", name_, "link", "set", port, "master", "bridge", "up"});
    run({"ip", "-n", machine(i), "address", "add", address(i) + "/24", "dev", "eth0"});
    run({"ip", "-n", machine(i), "link", "set", "eth0", "up"});
  }
}

Lan::~Lan() {
  for (std::size_t i = 0; i < machines_; ++i)
    Process({{"ip", "netns", "del", machine(i)}, {}, {}, {}}).wait(std::chrono::seconds(20));
  Process({{"ip", "netns", "del", name_}, {}, {}, {}}).wait(std::chrono::seconds(20));
}

void Lan::add(const std::string& space) const {
  run({"ip", "netns", "add", space});
  run({"ip", "-n", space, "link", "set", "lo", "up"});
}

std::string Lan::machine(std::size_t number) const { return name_ + "-" + std::to_string(number); }

std::string Lan::address(std::size_t number) const {
  return "10.97.0." + std::to_string(10 + number);
}

std::vector<std::string> Lan::on(std::size_t number,
                                 const std::vector<std::string>& command) const {
  std::vector<std::string> all{"ip", "netns", "exec", machine(number)};
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

void Lan::cut(std::size_t a, std::size_t b) const {
  run({"ip", "-n", machine(a), "route", "add", "blackhole", address(b) + "/32"});
  run({"ip", "-n", machine(b), "route", "add", "blackhole", address(a) + "/32"});
}

void Lan::mend(std::size_t a, std::size_t b) const {
  run({"ip", "-n", machine(a), "route", "del", "blackhole", address(b) + "/32"});
  run({"ip", "-n", machine(b), "route", "del", "blackhole", address(a) + "/32"});
}

Lan::Visit::Visit(const Lan& lan) : home_(open_space("/proc/thread-self/ns/net")) {
  const int space = open_space("/run/netns/" + lan.name_);
  enter(space);
  ::close(space);
}

Lan::Visit::~Visit() {
  ::setns(home_, CLONE_NEWNET);
  ::close(home_);
}

}  // namespace support
