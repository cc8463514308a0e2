#include "toozctl/session.h"

#include <unistd.h>

#include <array>
#include <iostream>

namespace toozctl {

std::string member_id(const CommandLine& line) {
  if (!line.member.empty()) return line.member;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string(host.data()) + "-" + std::to_string(getpid());
}

tooz::Coordinator connect(base::Env& env, const CommandLine& line) {
  tooz::Options options;
  options.member_id = member_id(line);
  options.lease = line.lease;
  options.on_rejoined = [] { std::cerr << "toozctl: the lease was lost; joined again\n"; };
  return tooz::Coordinator(env, line.backend, options);
}

void print_line(const std::string& text) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cout << text << std::endl;
}

}  // namespace toozctl
