#include "tests/support/etcd_cluster.h"

#include "tests/support/free_port.h"

#include <optional>
#include <stdexcept>

namespace support {
namespace {

std::string name(std::size_t member) { return "m" + std::to_string(member); }

}  // namespace

EtcdCluster::EtcdCluster() {
  for (Member& member : members_) {
    member.address = "127.0.0.1";
    member.port = free_port();
    member.peer_port = free_port();
    member.net = std::make_unique<Proxy>(member.port);
  }
  launch_all();
}

EtcdCluster::EtcdCluster(const Lan& lan) : lan_(&lan) {
  for (std::size_t i = 0; i < kMembers; ++i) {
    members_[i].address = lan.address(i);
    members_[i].port = 2379;
    members_[i].peer_port = 2380;
  }
  launch_all();
}

void EtcdCluster::launch_all() {
  for (std::size_t i = 0; i < kMembers; ++i)
    launch(i);
  for (std::size_t i = 0; i < kMembers; ++i)
    await(i);
}

EtcdCluster::~EtcdCluster() = default;

std::string EtcdCluster::client_of(std::size_t i) const {
  return members_[i].address + ":" + std::to_string(members_[i].port);
}

std::string EtcdCluster::peer_of(std::size_t i) const {
  return members_[i].address + ":" + std::to_string(members_[i].peer_port);
}

void EtcdCluster::launch(std::size_t i) {
  Member& member = members_[i];
  std::string all;
  for (std::size_t k = 0; k < kMembers; ++k)
    all += (k == 0 ? "" : ",") + name(k) + "=http://" + peer_of(k);
  const std::string client = "http://" + client_of(i);
  const std::string peer = "http://" + peer_of(i);
  const std::vector<std::string> command{"/usr/bin/etcd",
                                         "--name",
                                         name(i),
                                         "--data-dir",
                                         folder_.path() / name(i),
                                         "--listen-client-urls",
                                         client,
                                         "--advertise-client-urls",
                                         client,
                                         "--listen-peer-urls",
                                         peer,
                                         "--initial-advertise-peer-urls",
                                         peer,
                                         "--initial-cluster",
                                         all,
                                         "--log-level",
                                         "warn",
                                         "--unsafe-no-fsync"};
  member.process =
      std::make_unique<Process>(Process::Command{lan_ == nullptr ? command : lan_->on(i, command),
                                                 {},
                                                 folder_.path() / (name(i) + ".output"),
                                                 {}});
}

void EtcdCluster::await(std::size_t i) const {
  const auto answers = [&] {
    try {
      ctl(i, {"get", "any"});
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  };
  if (!eventually(answers, std::chrono::seconds(60)))
    throw std::runtime_error("etcd does not answer: " + members_[i].process->output());
}

std::string EtcdCluster::url(const std::string& options) const {
  std::string hosts;
  for (const Member& member : members_)
    hosts += (hosts.empty() ? "" : ",") + member.net->host();
  return "etcd3+http://" + hosts + (options.empty() ? "" : "?" + options);
}

std::string EtcdCluster::direct_url(const std::string& options) const {
  std::string hosts;
  for (std::size_t i = 0; i < kMembers; ++i)
    hosts += (hosts.empty() ? "" : ",") + client_of(i);
  return "etcd3+http://" + hosts + (options.empty() ? "" : "?" + options);
}

std::string EtcdCluster::url_of(std::size_t i, const std::string& options) const {
  return "etcd3+http://" + client_of(i) + (options.empty() ? "" : "?" + options);
}

std::size_t EtcdCluster::leader() const {
  std::optional<std::size_t> found;
  const auto look = [&](std::size_t i) {
    try {
      // endpoint, id, version, size, is leader, …
      const std::string status = ctl(i, {"endpoint", "status"});
      if (status.find(" true, false") != std::string::npos) found = i;
    } catch (const std::runtime_error&) {
      return;  // it is away
    }
  };
  eventually([&] {
    for (std::size_t i = 0; i < kMembers && !found; ++i)
      look(i);
    return found.has_value();
  });
  if (!found) throw std::runtime_error("no member leads");
  return *found;
}

void EtcdCluster::kill(std::size_t i) {
  members_[i].process->signal(SIGKILL);
  members_[i].process->wait(std::chrono::seconds(10));
}

void EtcdCluster::start(std::size_t i) {
  launch(i);
  await(i);
}

void EtcdCluster::pause(std::size_t i) { members_[i].process->freeze(); }
void EtcdCluster::resume(std::size_t i) { members_[i].process->thaw(); }

void EtcdCluster::compact() {
  const std::string answer = ctl(leader(), {"get", "any", "--write-out=json"});
  const std::string name = "\"revision\":";
  const auto at = answer.find(name) + name.size();
  ctl(leader(), {"compact", answer.substr(at, answer.find_first_not_of("0123456789", at) - at)});
}

std::string EtcdCluster::ctl(std::size_t i, const std::vector<std::string>& arguments) const {
  std::vector<std::string> command{"etcdctl", "--endpoints=" + client_of(i), "--command-timeout=2s",
                                   "--dial-timeout=2s"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run(command, {{"ETCDCTL_API", "3"}});
}

}  // namespace support
