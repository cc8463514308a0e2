#include "tests/e2e/chaos/member.h"

namespace e2e {

ChaosMember::ChaosMember(std::string name, const Servers& servers)
    : name_(std::move(name)),
      etcd_{support::Proxy(servers.etcd[0]), support::Proxy(servers.etcd[1]),
            support::Proxy(servers.etcd[2])},
      database_(servers.database),
      ironic_(servers.ironic) {}

std::string ChaosMember::etcd_hosts() const {
  std::string hosts;
  for (const support::Proxy& each : etcd_)
    hosts += (hosts.empty() ? "" : ",") + each.host();
  return hosts;
}

void ChaosMember::cut(Cut what) {
  if (what == Cut::kEtcd || what == Cut::kAll)
    for (support::Proxy& each : etcd_)
      each.black_hole();
  if (what == Cut::kDatabase || what == Cut::kAll) database_.black_hole();
  if (what == Cut::kIronic || what == Cut::kAll) ironic_.black_hole();
}

void ChaosMember::pass() {
  for (support::Proxy& each : etcd_)
    each.pass();
  database_.pass();
  ironic_.pass();
}

}  // namespace e2e
