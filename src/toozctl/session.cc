#include "toozctl/session.h"

#include <unistd.h>

#include <array>
#include <iostream>
#include <utility>

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
  options.lock_delay = line.duration("delay", {});
  options.on_rejoined = [](const tooz::Lost&) {
    std::cerr << "toozctl: the lease was lost; joined again\n";
  };
  return tooz::Coordinator(env, line.backend, options);
}

void Outage::sit_out(const std::exception& error, std::stop_token stop) {
  if (!std::exchange(told_, true)) std::cerr << "toozctl: " << error.what() << "; trying again\n";
  env_.sleep_for(backoff_.next(), std::move(stop));
}

void Outage::over() {
  told_ = false;
  backoff_.reset(kFirst);
}

bool print_line(const std::string& text) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cout << text << std::endl;
  return std::cout.good();
}

}  // namespace toozctl
