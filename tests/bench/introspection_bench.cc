// Whole introspections per second: starts that of each node whose UUID stands on standard input, at
// several API processes in turn, and waits until all are finished.
//   bench-introspection CONNECTIONS HOST:PORT...
#include "tests/bench/http_load.h"

#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace {

using bench::Address;
using namespace std::chrono_literals;

constexpr auto kPatience = 300s;
/// Often enough not to show in the figure, seldom enough not to cost anything.
constexpr auto kLook = 20ms;
constexpr const char* kUnderWay =
    "/v1/introspection?limit=1&state=enrolling,starting,waiting,processing,reapplying";

std::vector<std::string> read_uuids() {
  std::vector<std::string> uuids;
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) uuids.push_back(line);
  if (uuids.empty()) throw std::runtime_error("no UUIDs on standard input");
  return uuids;
}

void start_all(base::Env& env, const std::vector<Address>& apis, std::size_t connections,
               const std::vector<std::string>& uuids) {
  auto next = uuids.begin();
  bench::HttpLoad(env, apis, connections)
      .run(
          [&]() -> std::optional<bench::HttpLoad::Request> {
            if (next == uuids.end()) return std::nullopt;
            return bench::HttpLoad::Request{"POST", "/v1/introspection/" + *next++};
          },
          [](const bench::HttpLoad::Request& request, bench::Answer&& answer) {
            if (answer.status != 202)
              throw std::runtime_error(request.target + " answered " +
                                       std::to_string(answer.status) + ": " + answer.body);
          });
}

void wait_until_done(base::Env& env, const Address& api) {
  const auto end = env.now() + kPatience;
  while (true) {
    const bench::Answer answer = bench::ask(env, api, "GET", kUnderWay);
    if (answer.status != 200)
      throw std::runtime_error("the list answered " + std::to_string(answer.status) + ": " +
                               answer.body);
    if (answer.body.find("\"uuid\"") == std::string::npos) return;
    if (env.now() > end) throw std::runtime_error("not done in time: " + answer.body);
    env.sleep_for(kLook, {});
  }
}

void check_all_finished(base::Env& env, const std::vector<Address>& apis,
                        const std::vector<std::string>& uuids) {
  auto next = uuids.begin();
  bench::HttpLoad(env, apis, 4)
      .run(
          [&]() -> std::optional<bench::HttpLoad::Request> {
            if (next == uuids.end()) return std::nullopt;
            return bench::HttpLoad::Request{"GET", "/v1/introspection/" + *next++};
          },
          [](const bench::HttpLoad::Request&, bench::Answer&& answer) {
            if (answer.body.find("\"state\":\"finished\"") == std::string::npos)
              throw std::runtime_error("did not finish: " + answer.body);
          });
}

double introspections_per_second(const std::vector<Address>& apis, std::size_t connections) {
  base::Env& env = base::system_env();
  const auto uuids = read_uuids();
  const auto begin = env.now();
  start_all(env, apis, connections, uuids);
  wait_until_done(env, apis.front());
  const std::chrono::duration<double> took = env.now() - begin;
  check_all_finished(env, apis, uuids);
  return static_cast<double>(uuids.size()) / took.count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: bench-introspection CONNECTIONS HOST:PORT... <UUIDS\n", stderr);
    return 2;
  }
  try {
    std::vector<Address> apis;
    for (int i = 2; i < argc; ++i)
      apis.push_back(bench::parse_address(argv[i]));
    std::printf("%.1f\n", introspections_per_second(apis, std::stoul(argv[1])));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-introspection: %s\n", error.what());
    return 1;
  }
}
