// Requests per second of one GET over kept connections, and how long the slowest hundredth of them
// takes, of two servers in turns:
//   bench-http CONNECTIONS SECONDS HOST:PORT TARGET HOST:PORT TARGET
// prints: rate of each, the first one's in percent of the second's (median of the turns), the 99th
// percentile of each in microseconds, the first one's divided by the second's.
#include "tests/bench/http_load.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <stdexcept>

namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::milliseconds kTurn{250};  ///< short: what else the machine does hits both

struct Server {
  bench::Address address;
  std::string target;
  std::size_t answers = 0;
  base::Env::Duration took{};
  std::vector<base::Env::Duration> each{};

  double rate() const { return static_cast<double>(answers) / Seconds(took).count(); }
  double p99_us() {
    const auto at = each.begin() + static_cast<std::ptrdiff_t>(each.size() * 99 / 100);
    std::nth_element(each.begin(), at, each.end());
    return Seconds(*at).count() * 1e6;
  }
};

/// Requests per second of this turn.
double take_turn(Server& server, std::size_t connections) {
  base::Env& env = base::system_env();
  const auto end = env.now() + kTurn;
  const auto totals =
      bench::HttpLoad(env, {server.address}, connections)
          .run(
              [&]() -> std::optional<bench::HttpLoad::Request> {
                if (env.now() >= end) return std::nullopt;
                return bench::HttpLoad::Request{"GET", server.target};
              },
              [&](const bench::HttpLoad::Request&, bench::Answer&& answer) {
                if (answer.status != 200)
                  throw std::runtime_error("answered " + std::to_string(answer.status) + ": " +
                                           answer.body.substr(0, 200));
                server.each.push_back(answer.took);
              });
  server.answers += totals.answers;
  server.took += totals.took;
  return static_cast<double>(totals.answers) / Seconds(totals.took).count();
}

void measure(std::array<Server, 2> servers, std::size_t connections, Seconds time) {
  base::Env& env = base::system_env();
  std::vector<double> percents;
  const auto end = env.now() + std::chrono::duration_cast<base::Env::Duration>(2 * time);
  do {
    const double first = take_turn(servers[0], connections);
    percents.push_back(100 * first / take_turn(servers[1], connections));
  } while (env.now() < end);
  std::sort(percents.begin(), percents.end());
  const double ours = servers[0].p99_us();
  const double other = servers[1].p99_us();
  std::printf("%.0f %.0f %.1f %.0f %.0f %.1f\n", servers[0].rate(), servers[1].rate(),
              percents[percents.size() / 2], ours, other, ours / other);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("usage: bench-http CONNECTIONS SECONDS HOST:PORT TARGET HOST:PORT TARGET\n", stderr);
    return 2;
  }
  try {
    measure({Server{.address = bench::parse_address(argv[3]), .target = argv[4]},
             Server{.address = bench::parse_address(argv[5]), .target = argv[6]}},
            std::stoul(argv[1]), Seconds(std::stod(argv[2])));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-http: %s\n", error.what());
    return 1;
  }
}
