// Introspections per second: starts that of each node whose UUID stands on standard input, at
// several API processes in turn, and waits until all are finished, or until all wait for their
// machines' reports. A start that is answered 503 (too many are under way) is asked again.
//   bench-introspection finished|waiting CONNECTIONS HOST:PORT...
#include "tests/bench/http_load.h"

#include <array>
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

/// What is waited for, and in which states a node has not come there yet.
struct Goal {
  std::string_view state;
  const char* under_way;
};
constexpr std::array<Goal, 2> kGoals = {
    {{"finished", "enrolling,starting,waiting,processing,reapplying"}, {"waiting", "starting"}}};

const Goal& parse_goal(std::string_view text) {
  for (const Goal& each : kGoals)
    if (each.state == text) return each;
  throw std::runtime_error("finished or waiting, not " + std::string(text));
}

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
  std::vector<std::string> again;
  bench::HttpLoad(env, apis, connections)
      .run(
          [&]() -> std::optional<bench::HttpLoad::Request> {
            if (next != uuids.end())
              return bench::HttpLoad::Request{"POST", "/v1/introspection/" + *next++};
            if (again.empty()) return std::nullopt;
            const bench::HttpLoad::Request request{"POST", again.back()};
            again.pop_back();
            return request;
          },
          [&](const bench::HttpLoad::Request& request, bench::Answer&& answer) {
            if (answer.status == 503)
              again.push_back(request.target);
            else if (answer.status != 202)
              throw std::runtime_error(request.target + " answered " +
                                       std::to_string(answer.status) + ": " + answer.body);
          });
}

void wait_until_done(base::Env& env, const Address& api, const Goal& goal) {
  const std::string target = std::string("/v1/introspection?limit=1&state=") + goal.under_way;
  const auto end = env.now() + kPatience;
  while (true) {
    const bench::Answer answer = bench::ask(env, api, "GET", target);
    if (answer.status != 200)
      throw std::runtime_error("the list answered " + std::to_string(answer.status) + ": " +
                               answer.body);
    if (answer.body.find("\"uuid\"") == std::string::npos) return;
    if (env.now() > end) throw std::runtime_error("not done in time: " + answer.body);
    env.sleep_for(kLook, {});
  }
}

void check_all(base::Env& env, const std::vector<Address>& apis,
               const std::vector<std::string>& uuids, const Goal& goal) {
  const std::string there = "\"state\":\"" + std::string(goal.state) + "\"";
  auto next = uuids.begin();
  bench::HttpLoad(env, apis, 4)
      .run(
          [&]() -> std::optional<bench::HttpLoad::Request> {
            if (next == uuids.end()) return std::nullopt;
            return bench::HttpLoad::Request{"GET", "/v1/introspection/" + *next++};
          },
          [&](const bench::HttpLoad::Request&, bench::Answer&& answer) {
            if (answer.body.find(there) == std::string::npos)
              throw std::runtime_error("did not get there: " + answer.body);
          });
}

double introspections_per_second(const Goal& goal, const std::vector<Address>& apis,
                                 std::size_t connections) {
  base::Env& env = base::system_env();
  const auto uuids = read_uuids();
  const auto begin = env.now();
  start_all(env, apis, connections, uuids);
  wait_until_done(env, apis.front(), goal);
  const std::chrono::duration<double> took = env.now() - begin;
  check_all(env, apis, uuids, goal);
  return static_cast<double>(uuids.size()) / took.count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench-introspection finished|waiting CONNECTIONS HOST:PORT... <UUIDS\n",
               stderr);
    return 2;
  }
  try {
    std::vector<Address> apis;
    for (int i = 3; i < argc; ++i)
      apis.push_back(bench::parse_address(argv[i]));
    std::printf("%.1f\n",
                introspections_per_second(parse_goal(argv[1]), apis, std::stoul(argv[2])));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-introspection: %s\n", error.what());
    return 1;
  }
}
