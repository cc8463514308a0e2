// Requests per second of one GET, over kept connections: bench-http HOST:PORT TARGET CONNECTIONS
// SECONDS
#include "tests/bench/http_load.h"

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace {

double requests_per_second(const bench::Address& server, const std::string& target,
                           std::size_t connections, std::chrono::duration<double> time) {
  base::Env& env = base::system_env();
  const auto end = env.now() + std::chrono::duration_cast<base::Env::Duration>(time);
  const auto totals =
      bench::HttpLoad(env, {server}, connections)
          .run(
              [&]() -> std::optional<bench::HttpLoad::Request> {
                if (env.now() >= end) return std::nullopt;
                return bench::HttpLoad::Request{"GET", target};
              },
              [](const bench::HttpLoad::Request&, bench::Answer&& answer) {
                if (answer.status != 200)
                  throw std::runtime_error("answered " + std::to_string(answer.status) + ": " +
                                           answer.body.substr(0, 200));
              });
  return static_cast<double>(totals.answers) / std::chrono::duration<double>(totals.took).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: bench-http HOST:PORT TARGET CONNECTIONS SECONDS\n", stderr);
    return 2;
  }
  try {
    std::printf("%.0f\n",
                requests_per_second(bench::parse_address(argv[1]), argv[2], std::stoul(argv[3]),
                                    std::chrono::duration<double>(std::stod(argv[4]))));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-http: %s\n", error.what());
    return 1;
  }
}
