// A simulated Ironic with its machines: for the demo, for load and fault tests, and for whoever
// wants to size a deployment.
#include <signal.h>

#include <boost/program_options.hpp>
#include <cstdio>
#include <iostream>

#include "base/duration.h"
#include "base/log.h"
#include "http/server.h"
#include "sim/ironic/report.h"
#include "sim/ironic/service.h"

namespace {

namespace po = boost::program_options;

struct Duration {
  base::Env::Duration value{};
};

void validate(boost::any& out, const std::vector<std::string>& texts, Duration*, int) {
  const auto duration = base::parse_duration(po::validators::get_single_string(texts));
  if (!duration) throw po::validation_error(po::validation_error::invalid_option_value);
  out = Duration{*duration};
}

struct Settings {
  std::string host, inspector, request_log;
  std::uint16_t port = 0;
  unsigned nodes = 0;
  Duration latency, boot_time{std::chrono::seconds(5)}, power_time;
  double fail = 0, conflict = 0, busy = 0, drop = 0;
};

po::options_description describe(Settings& s) {
  po::options_description options("ironic-sim: a simulated Ironic and its machines");
  options.add_options()("help,h", "show this text")(
      "host", po::value(&s.host)->default_value("127.0.0.1"), "address to listen on")(
      "port", po::value(&s.port)->default_value(6385), "port to listen on; 0: any free one")(
      "nodes", po::value(&s.nodes)->default_value(30), "machines, each enrolled as a node")(
      "inspector", po::value(&s.inspector), "base URL that machines post their reports to")(
      "latency", po::value(&s.latency), "of every answer (50ms)")(
      "boot-time", po::value(&s.boot_time), "from power-on to the report (default 5s)")(
      "power-time", po::value(&s.power_time), "a power action locks its node for this long")(
      "fail", po::value(&s.fail)->default_value(0),
      "share of requests that meet trouble: a third each 409, 503 and a dropped connection")(
      "conflict", po::value(&s.conflict)->default_value(0), "share of writes answered 409")(
      "busy", po::value(&s.busy)->default_value(0), "share of requests answered 503")(
      "drop", po::value(&s.drop)->default_value(0), "share of requests not answered")(
      "request-log", po::value(&s.request_log), "file that gets one JSON line per request");
  return options;
}

void check(const Settings& s) {
  for (const double share : {s.fail, s.conflict, s.busy, s.drop})
    if (!(share >= 0 && share <= 1)) throw po::error("a share must be between 0 and 1");
  if (s.nodes > 100000) throw po::error("--nodes takes up to 100000");
}

void enrol(sim::IronicModel& model, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const auto machine = sim::hardware(i);
    model.create_node({{"uuid", machine.uuid},
                       {"name", machine.name},
                       {"provision_state", "manageable"},
                       {"driver_info", {{"ipmi_address", machine.bmc_address}}}});
    // Half of the machines are known by their first port, the others by their BMC alone.
    if (i % 2 == 0) model.create_port({{"address", machine.pxe_mac}, {"node_uuid", machine.uuid}});
  }
}

int serve(const Settings& s) {
  base::Env& env = base::system_env();
  sim::IronicModel model(env, s.power_time.value);
  enrol(model, s.nodes);
  const sim::Machines::Options posting{
      .inspector = s.inspector, .boot_time = s.boot_time.value, .posters = 512};
  http::Client client(env, {.max_idle = posting.posters});
  sim::Machines machines(env, client, posting, [&](const std::string& uuid) {
    return sim::report_of(
        sim::hardware(static_cast<unsigned>(std::stoul(uuid.substr(24), nullptr, 16))));
  });
  std::unique_ptr<sim::RequestLog> log;
  if (!s.request_log.empty()) log = std::make_unique<sim::RequestLog>(env, s.request_log);
  const sim::Trouble trouble{s.latency.value, s.conflict + s.fail / 3, s.busy + s.fail / 3,
                             s.drop + s.fail / 3};
  sim::IronicService service(env, model, machines, trouble, log.get());

  base::Pool pool(env, {.name = "ironic-sim", .max_threads = 1000, .max_queued = 20000});
  http::ServerOptions options;
  options.address = s.host;
  options.port = s.port;
  http::Server server(
      options,
      [&](const http::Request& request, std::stop_token stop) {
        return service.handle(request, stop).value_or(http::dropped());
      },
      [&](const http::Request&) { return &pool; });
  server.start();
  std::cout << "ironic-sim: " << s.nodes << " machines, http://" << s.host << ":" << server.port()
            << std::endl;

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int got = 0;
  sigwait(&signals, &got);
  server.stop(env.now() + std::chrono::seconds(2));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  sigset_t signals;  // before any thread starts: they inherit it
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  Settings settings;
  const auto options = describe(settings);
  try {
    po::variables_map given;
    po::store(po::parse_command_line(argc, argv, options), given);
    po::notify(given);
    if (given.contains("help")) {
      std::cout << options;
      return 0;
    }
    check(settings);
  } catch (const po::error& e) {
    std::cerr << "ironic-sim: " << e.what() << " (--help tells more)\n";
    return 2;
  }
  try {
    return serve(settings);
  } catch (const std::exception& e) {
    std::cerr << "ironic-sim: " << e.what() << "\n";
    return 1;
  }
}
