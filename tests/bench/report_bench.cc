// How long a large report takes, from its body to both forms stored and the patches computed and
// sent, beside the time that parsing and serialising its JSON takes, in turns:
//   bench-report FOLDER BYTES TIMES
// In process: the API, the conductor with the default hooks, SQLite in FOLDER, and an Ironic that
// answers at once. Prints the medians in milliseconds, the report's and the JSON's, and the first
// divided by the second.
#include "base/log_options.h"
#include "inspector/api/api.h"
#include "inspector/conductor/local.h"
#include "inspector/error.h"
#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/schema.h"
#include "inspector/service/process.h"
#include "sim/ironic/report.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <sstream>

namespace {

namespace json = boost::json;
using namespace inspector;
using Ms = std::chrono::duration<double, std::milli>;

ProcessingOptions processing() {
  ProcessingOptions options;
  std::istringstream names{std::string(kDefaultProcessingHooks)};
  for (std::string name; std::getline(names, name, ',');)
    options.processing_hooks.push_back(name);
  options.store_data = "database";
  return options;
}

ConductorOptions without_pace() {
  ConductorOptions options;
  options.introspection_delay = {};
  return options;
}

/// A machine's report with the facts that the `extra-hardware` collector adds: many short texts.
std::string report_of(const sim::Hardware& machine, std::size_t bytes, std::size_t salt) {
  json::object report = json::parse(sim::report_of(machine)).as_object();
  json::array facts;
  const std::size_t a_fact = 50;  // bytes
  for (std::size_t i = salt; i < salt + bytes / a_fact; ++i)
    facts.push_back(json::array{"disk", "sdb" + std::to_string(i), "rotation/rate",
                                std::to_string(7200 + i % 100)});
  report["data"] = std::move(facts);
  return json::serialize(report);
}

class Bench {
 public:
  explicit Bench(const std::string& folder)
      : database_(env_, "sqlite:///" + folder + "/report.sqlite"),
        nodes_(env_, database_),
        rules_(env_, database_),
        data_(database_data_store(database_, nodes_)),
        journal_(env_, database_),
        locks_(local_node_locks(env_)),
        owner_(env_, *locks_, journal_, "bench"),
        filter_(noop_filter()),
        pipeline_(processing()) {
    upgrade(database_);
    owner_.now();
    ironic_.add_node({{"uuid", machine_.uuid},
                      {"name", machine_.name},
                      {"provision_state", "manageable"},
                      {"driver_info", {{"ipmi_address", machine_.bmc_address}}},
                      {"properties", json::object()},
                      {"extra", json::object()}});
  }

  Ms report(const std::string& body) {
    start();
    const http::Request post{.method = "POST", .target = "/v1/continue", .body = body};
    const auto begin = env_.now();
    const http::Response answer = api_.handle(post, {});
    const Ms took = env_.now() - begin;
    if (answer.status != 200) throw std::runtime_error("the report: " + answer.body);
    await("finished");
    return took;
  }

  Ms parse_and_serialise(const std::string& body) {
    const auto begin = env_.now();
    const std::string out = json::serialize(json::parse(body));
    const Ms took = env_.now() - begin;
    if (out.size() != body.size()) throw std::runtime_error("the JSON changed");
    return took;
  }

  const sim::Hardware& machine() const { return machine_; }

 private:
  void start() {
    conductor_.introspect(machine_.uuid, true, {env_.after(std::chrono::seconds(20)), {}});
    await("waiting");
  }

  void await(std::string_view state) {
    const auto end = env_.after(std::chrono::seconds(20));
    while (name(nodes_.get(machine_.uuid).value().state) != state) {
      if (env_.now() > end) throw std::runtime_error("never " + std::string(state));
      env_.sleep_for(std::chrono::milliseconds(2), {});
    }
  }

  base::Env& env_ = base::system_env();
  const sim::Hardware machine_ = sim::hardware(0);
  sql::Database database_;
  NodeStore nodes_;
  RuleStore rules_;
  std::unique_ptr<DataStore> data_;
  Journal journal_;
  std::unique_ptr<NodeLocks> locks_;
  Owner owner_;
  testing::FakeIronic ironic_;
  std::unique_ptr<PxeFilter> filter_;
  Pipeline pipeline_;
  LocalConductor conductor_{{.env = env_,
                             .store = nodes_,
                             .data = *data_,
                             .journal = journal_,
                             .locks = *locks_,
                             .owner = owner_,
                             .ironic = ironic_,
                             .filter = *filter_,
                             .pipeline = pipeline_},
                            without_pace(),
                            processing()};
  Api api_{{env_, nodes_, *data_, rules_, ironic_, conductor_}, {}};
};

double median(std::vector<Ms> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2].count();
}

void measure(const std::string& folder, std::size_t bytes, std::size_t times) {
  Bench bench(folder);
  std::vector<Ms> whole;
  std::vector<Ms> bare;
  for (std::size_t i = 0; i < times; ++i) {
    const std::string body = report_of(bench.machine(), bytes, i);
    whole.push_back(bench.report(body));
    bare.push_back(bench.parse_and_serialise(body));
  }
  const double ours = median(whole);
  const double theirs = median(bare);
  std::printf("%.1f %.1f %.2f\n", ours, theirs, ours / theirs);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench-report FOLDER BYTES TIMES\n", stderr);
    return 2;
  }
  try {
    keep_freed_memory();  // as the services do
    base::LogOptions log;
    log.file = std::string(argv[1]) + "/report.log";
    base::configure_log(log);
    measure(argv[1], std::stoul(argv[2]), std::stoul(argv[3]));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-report: %s\n", error.what());
    return 1;
  }
}
