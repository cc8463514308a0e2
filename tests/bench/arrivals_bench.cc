// The reports of so many of ironic-sim's machines arrive, evenly over so many seconds, at an API;
// each is posted, and posted again, as the ramdisk does. Their nodes wait already.
//   bench-arrivals MACHINES SECONDS HOST:PORT
// Prints how many were accepted, how often one was posted again (after a 503, mostly), how many
// were refused or given up for good, and how long all of it took, as `accepted again lost seconds`.
#include "sim/ironic/machines.h"
#include "sim/ironic/report.h"

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace {

using namespace std::chrono_literals;
using Seconds = std::chrono::duration<double>;

constexpr auto kPatience = 300s;
constexpr std::size_t kPosters = 256;  ///< at once: each waits for its answer

int measure(unsigned machines, Seconds span, const std::string& url) {
  base::Env& env = base::system_env();
  std::map<std::string, std::string> reports;  // made before the time runs
  for (unsigned i = 0; i < machines; ++i) {
    const sim::Hardware made = sim::hardware(i);
    reports[made.uuid] = sim::report_of(made);
  }
  http::Client client(env, {.max_idle = kPosters});
  sim::Machines posting(env, client, {.inspector = url, .boot_time = {}, .posters = kPosters},
                        [&](const std::string& uuid) { return reports.at(uuid); });
  const auto begin = env.now();
  const auto step = std::chrono::duration_cast<base::Env::Duration>(span / machines);
  auto due = begin;
  for (const auto& [uuid, report] : reports) {
    posting.boot(uuid);
    env.sleep_until(due += step, {});
  }
  const auto& counts = posting.counts();
  while (counts.accepted + counts.refused + counts.given_up < machines) {
    if (env.now() > begin + kPatience) throw std::runtime_error("not all had an answer in time");
    env.sleep_for(10ms, {});
  }
  const Seconds took = env.now() - begin;
  std::printf("%lu %lu %lu %.1f\n", counts.accepted.load(), counts.repeated.load(),
              counts.refused.load() + counts.given_up.load(), took.count());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench-arrivals MACHINES SECONDS HOST:PORT\n", stderr);
    return 2;
  }
  try {
    return measure(static_cast<unsigned>(std::stoul(argv[1])), Seconds(std::stod(argv[2])),
                   std::string("http://") + argv[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-arrivals: %s\n", error.what());
    return 1;
  }
}
