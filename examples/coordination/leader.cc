// One of many processes leads its group; when it dies another one does within a lease.
//
//   leader URL NAME      for instance: leader etcd3://127.0.0.1:2379 alice
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "tooz/coordinator.h"
#include "tooz/value.h"

namespace {

void lead_while_elected(tooz::Leadership leadership, const std::string& name,
                        std::stop_token stop) {
  std::cout << name << " leads, token " << leadership.token().number << std::endl;
  // Work in small steps: the time runs out before anybody else can be elected.
  while (!stop.stop_requested() && leadership.remaining() > base::Env::Duration::zero())
    base::system_env().sleep_for(std::chrono::milliseconds(100), stop);
  std::cout << name << " leads no more" << std::endl;
}

void take_part(const std::string& url, const std::string& name, std::stop_token stop) {
  tooz::Coordinator coordinator(base::system_env(), url, {.member_id = name});
  coordinator.create_group("workers");
  if (!coordinator.join("workers", tooz::Value(tooz::Value::Map{{"weight", 1}})))
    throw std::runtime_error(name + " is there already");
  tooz::Election election = coordinator.election("workers");
  // Waits in the line of candidates, also while the backend is away.
  while (std::optional<tooz::Leadership> leadership = election.campaign(stop))
    lead_while_elected(std::move(*leadership), name, stop);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: leader URL NAME\n";
    return 2;
  }
  sigset_t endings;
  sigemptyset(&endings);
  sigaddset(&endings, SIGTERM);
  sigaddset(&endings, SIGINT);
  sigprocmask(SIG_BLOCK, &endings, nullptr);  // before any thread is started
  int code = 0;
  auto worker = base::system_env().spawn("worker", [&](const std::stop_token& stop) {
    try {
      take_part(argv[1], argv[2], stop);
    } catch (const std::exception& e) {
      std::cerr << e.what() << "\n";
      code = 1;
      kill(getpid(), SIGTERM);
    }
  });
  int signal = 0;
  sigwait(&endings, &signal);
  worker.reset();  // asks it to stop, and waits
  return code;
}
