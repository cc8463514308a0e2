#include "tests/e2e/chaos/site.h"

#include "tests/support/etcd_server.h"
#include "tests/support/free_port.h"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace e2e {
namespace {

std::uint16_t port_of(const std::string& url) {
  return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

/// Which pair of the fence each change of a node's rows was made under. A change whose transaction
/// has neither raised the fence itself nor locked it is `fenced = false`: it was not made under a
/// lock.
constexpr const char* kAudit = R"sql(
CREATE TABLE chaos_audit (seq BIGSERIAL PRIMARY KEY, node TEXT, what TEXT, generation BIGINT,
                          number BIGINT, fenced BOOLEAN, at TIMESTAMPTZ DEFAULT clock_timestamp());
CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose TEXT; pair RECORD;
BEGIN
  IF TG_OP = 'DELETE' THEN EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING OLD INTO whose;
  ELSE EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING NEW INTO whose; END IF;
  SELECT generation, number,
         (txid_current() & 4294967295) IN (xmin::text::bigint, xmax::text::bigint) AS fenced
    FROM cc_fence WHERE uuid = whose INTO pair;
  INSERT INTO chaos_audit (node, what, generation, number, fenced)
    VALUES (whose, TG_OP || ' ' || TG_TABLE_NAME, pair.generation, pair.number,
            COALESCE(pair.fenced, FALSE));
  RETURN NULL;
END $$;
CREATE TRIGGER chaos AFTER INSERT OR UPDATE OR DELETE ON nodes
  FOR EACH ROW EXECUTE FUNCTION chaos_note('uuid');
CREATE TRIGGER chaos AFTER INSERT OR UPDATE OR DELETE ON attributes
  FOR EACH ROW EXECUTE FUNCTION chaos_note('node_uuid');
CREATE TRIGGER chaos AFTER INSERT OR UPDATE OR DELETE ON options
  FOR EACH ROW EXECUTE FUNCTION chaos_note('uuid');
CREATE TRIGGER chaos AFTER INSERT OR UPDATE OR DELETE ON introspection_data
  FOR EACH ROW EXECUTE FUNCTION chaos_note('uuid');
)sql";

}  // namespace

void ChaosSite::SetUp() {
  if (!support::EtcdServer::installed()) GTEST_SKIP() << "etcd is not installed";
  if (!support::PostgresqlServer::installed()) GTEST_SKIP() << "PostgreSQL is not installed";
  etcd_.emplace();
  postgresql_.emplace();
  postgresql_->make_database();
  make_schema();
  sql(kAudit);
}

void ChaosSite::make_schema() {
  const auto file = write("dbsync", common(postgresql_->url("test1")));
  support::run({dbsync_program(), "--config-file", file, "upgrade"});
}

void ChaosSite::begin(const Size& size) {
  const Servers servers{.etcd = {etcd_->port(0), etcd_->port(1), etcd_->port(2)},
                        .database = postgresql_->port(),
                        .ironic = port_of(ironic().url())};
  for (std::size_t i = 0; i < kConductors; ++i)
    conductors_.push_back(std::make_unique<ChaosMember>("c" + std::to_string(i + 1), servers));
  for (std::size_t i = 0; i < kApis; ++i) {
    apis_.push_back(std::make_unique<ChaosMember>("api-" + std::to_string(i + 1), servers));
    api_clients_.push_back(
        std::make_unique<Api>("http://127.0.0.1:" + std::to_string(support::free_port())));
  }
  start_ironic({.count = size.nodes,
                .boot_time = size.boot_time,
                .trouble = {"--latency", size.latency, "--request-log", request_log()}},
               api(0).url());
  for (std::size_t i = 0; i < kConductors; ++i)
    start_conductor(i);
  for (std::size_t i = 0; i < kApis; ++i)
    start_api(i);
  for (std::size_t i = 0; i < kApis; ++i)
    if (!api(i).serves() || !eventually([&] { return api(i).abort(99999).status == 404; }, kSoon))
      throw std::runtime_error("the cluster does not start");
}

Config ChaosSite::config(const ChaosMember& member) const {
  const std::string lease = std::to_string(lease_.count());
  return common("postgresql://test:test@" + member.database_host() + "/test1")
      .set("DEFAULT", "standalone", "False")
      .set("DEFAULT", "host", member.name())
      .set("DEFAULT", "timeout", std::to_string(timeout_))
      .set("database", "max_overflow", "8")  // PostgreSQL takes a hundred in all
      .set("conductor", "max_booting", "150")
      .set("conductor", "max_attempts", "100")  // none of them is poison
      .set("ironic", "endpoint_override", member.ironic_url())
      .set("ironic", "timeout", "5")
      .set("ironic", "status_code_retries", "2")
      .set("coordination", "backend_url",
           "etcd3+http://" + member.etcd_hosts() + "?timeout=2&membership_timeout=" + lease)
      .set("json_rpc", "host_ip", "127.0.0.1")
      .set("json_rpc", "port", "0")
      .set("pxe_filter", "driver", "dnsmasq")
      .set("dnsmasq_pxe_filter", "dhcp_hostsdir", hosts_of(member.name()));
}

void ChaosSite::start_conductor(std::size_t i) {
  ChaosMember& member = conductor(i);
  std::filesystem::create_directories(hosts_of(member.name()));
  const auto file = write(member.name(), config(member));
  member.become(run(member.name(), {conductor_program(), "--config-file", file}));
}

void ChaosSite::start_api(std::size_t i) {
  ChaosMember& member = api_member(i);
  const auto file = write(member.name(), config(member));
  const std::string port = std::to_string(port_of(api(i).url()));
  member.become(run(member.name(), {api_program(), "--host", "127.0.0.1", "--port", port, "--",
                                    "--config-file", file}));
}

std::vector<std::string> ChaosSite::lines_of(const std::string& name, std::string_view text) const {
  std::vector<std::string> found;
  std::ifstream in(folder_.path() / (name + ".log"));
  for (std::string line; std::getline(in, line);)
    if (line.find(text) != std::string::npos) found.push_back(line);
  return found;
}

std::vector<std::string> ChaosSite::conductor_lines(std::string_view text) const {
  std::vector<std::string> found;
  for (const auto& each : conductors_) {
    const std::vector<std::string> its = lines_of(each->name(), text);
    found.insert(found.end(), its.begin(), its.end());
  }
  return found;
}

void ChaosSite::TearDown() {
  if (!HasFailure()) return;
  for (const std::string& line : conductor_lines(" ERROR "))
    std::cout << line << "\n";
  if (const char* keep = std::getenv("TOOZ_CHAOS_KEEP"))
    std::filesystem::rename(folder_.path(), keep);
}

}  // namespace e2e
