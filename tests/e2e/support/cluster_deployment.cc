#include "tests/e2e/support/cluster_deployment.h"

#include "tests/support/free_port.h"

#include <sstream>
#include <stdexcept>

namespace e2e {
namespace {

constexpr std::string_view kConductorPrefix = "ironic_inspector.conductor.";

std::string port_of(const std::string& url) { return url.substr(url.rfind(':') + 1); }

}  // namespace

void ClusterDeployment::SetUp() {
  if (!support::EtcdServer::installed()) GTEST_SKIP() << "etcd is not installed";
  if (!support::PostgresqlServer::installed()) GTEST_SKIP() << "PostgreSQL is not installed";
  etcd_.emplace();
  postgresql_.emplace();
  database_ = postgresql_->make_database();
  upgrade_database(config("dbsync"));
}

Config ClusterDeployment::config(const std::string& host) const {
  return common(database_)
      .set("DEFAULT", "standalone", "False")
      .set("DEFAULT", "host", host)
      .set("coordination", "backend_url",
           etcd_->url("timeout=2&membership_timeout=" + std::to_string(lease_.count())))
      .set("json_rpc", "host_ip", "127.0.0.1")
      .set("json_rpc", "port", "0");
}

ClusterDeployment::Member ClusterDeployment::conductor_begins(const std::string& name,
                                                              const Config& config) {
  return {name,
          run(name, {program("ironic-inspector-conductor"), "--config-file", write(name, config)})};
}

ClusterDeployment::Member ClusterDeployment::conductor_begins(const std::string& name) {
  return conductor_begins(name, config(name));
}

ClusterDeployment::Member ClusterDeployment::conductor(const std::string& name) {
  Member member = conductor_begins(name);
  if (!joins(member)) throw std::runtime_error("conductor " + name + " does not start");
  return member;
}

bool ClusterDeployment::joins(Member& member) const {
  // A log of an earlier process of that name may stand in the same file.
  const std::string pid = " " + std::to_string(member.process->pid()) + " INFO";
  return eventually(
             [&] {
               const std::string text = log(member.name);
               const auto at = text.find("Joined the group");
               if (!member.process->running()) return true;
               for (auto from = at; from != std::string::npos;
                    from = text.find("Joined the group", from + 1)) {
                 const auto begin = text.rfind('\n', from) + 1;
                 if (text.substr(begin, from - begin).find(pid) != std::string::npos) return true;
               }
               return false;
             },
             kSoon) &&
         member.process->running();
}

std::string ClusterDeployment::reserve_api() {
  apis_.push_back(
      std::make_unique<Api>("http://127.0.0.1:" + std::to_string(support::free_port())));
  return apis_.back()->url();
}

ClusterDeployment::Member ClusterDeployment::api_process() {
  if (started_apis_ == apis_.size()) reserve_api();
  return serving(started_apis_++);
}

ClusterDeployment::Member ClusterDeployment::api_process_again(std::size_t i) { return serving(i); }

bool ClusterDeployment::finds_conductors(std::size_t i) const {
  // Only a conductor says this of a node that nobody knows.
  return eventually([&] { return api(i).abort(99999).status == 404; }, kSoon);
}

ClusterDeployment::Member ClusterDeployment::serving(std::size_t i) {
  const std::string name = "api-" + std::to_string(i + 1);
  Member member{
      name, run(name, {program("ironic-inspector-api-wsgi"), "--host", "127.0.0.1", "--port",
                       port_of(api(i).url()), "--", "--config-file", write(name, config(name))})};
  if (!api(i).serves()) throw std::runtime_error(name + " does not serve");
  return member;
}

void ClusterDeployment::kill9(Member& member) {
  member.process->signal(SIGKILL);
  member.process->wait(kSoon);
}

std::string ClusterDeployment::members() const {
  std::string names;
  try {
    std::istringstream lines(
        support::run({program("toozctl"), "--backend", etcd_->url(), "members", kGroup}));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with(kConductorPrefix)) line.erase(0, kConductorPrefix.size());
      names += (names.empty() ? "" : " ") + line;
    }
  } catch (const std::runtime_error&) {
    return "?";
  }
  return names;
}

bool ClusterDeployment::members_become(const std::string& names, seconds timeout) const {
  return eventually([&] { return members() == names; }, timeout);
}

}  // namespace e2e
