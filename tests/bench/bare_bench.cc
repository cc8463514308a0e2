// What a whole introspection costs without the inspector: for each node whose UUID stands on
// standard input, the requests that the service makes to Ironic, by its HTTP client, and its
// transactions with texts of the same sizes, on a database that ironic-inspector-dbsync made.
//   bench-bare THREADS http://HOST:PORT DATABASE-URL
// prints nodes per second. tests/bench/bare_script.h has what is done for a node.
#include "http/client.h"
#include "tests/bench/bare_script.h"

#include <atomic>
#include <cstdio>
#include <exception>
#include <iostream>

namespace {

using bench::Facts;

std::vector<std::string> read_uuids() {
  std::vector<std::string> uuids;
  for (std::string line; std::getline(std::cin, line);)
    if (!line.empty()) uuids.push_back(line);
  if (uuids.empty()) throw std::runtime_error("no UUIDs on standard input");
  return uuids;
}

class Loop {
 public:
  Loop(std::string ironic, std::string_view database, std::size_t threads)
      : threads_(threads),
        ironic_(std::move(ironic)),
        client_(env_, {.max_idle = threads}),
        database_(env_, database) {}

  /// Nodes per second.
  double run(const std::vector<std::string>& uuids) {
    transact(std::span(&bench::kOrigin, 1), bench::facts_of(uuids.front()));
    std::atomic<std::size_t> next{0};
    const auto begin = env_.now();
    std::vector<std::unique_ptr<base::Env::Thread>> workers;
    for (std::size_t i = 0; i < threads_; ++i)
      workers.push_back(env_.spawn("bare", [&](const std::stop_token&) {
        for (std::size_t at = next++; at < uuids.size(); at = next++)
          introspect(uuids[at]);
      }));
    workers.clear();
    if (failed_) throw std::runtime_error("not all could be done");
    const std::chrono::duration<double> took = env_.now() - begin;
    return static_cast<double>(uuids.size()) / took.count();
  }

 private:
  void introspect(const std::string& uuid) {
    try {
      const Facts facts = bench::facts_of(uuid);
      for (const bench::Step& step : bench::kSteps) {
        if (!step.method.empty()) ask(step, facts);
        if (!step.statements.empty()) transact(step.statements, facts, step.access);
      }
    } catch (const std::exception& error) {
      if (!failed_.exchange(true)) std::fprintf(stderr, "bench-bare: %s\n", error.what());
    }
  }

  void ask(const bench::Step& step, const Facts& facts) {
    http::Request request{.method = std::string(step.method),
                          .target = bench::filled(step.target, facts),
                          .body = bench::filled(step.body, facts)};
    request.headers = {{"X-OpenStack-Ironic-API-Version", "1.76"},
                       {"Accept", "application/json"},
                       {"Content-Type", "application/json"}};
    const http::Response response =
        client_.send(ironic_, request, env_.after(std::chrono::seconds(60)), {});
    if (response.status >= 300)
      throw std::runtime_error(request.target + " answered " + std::to_string(response.status) +
                               " " + response.body);
    if (step.then_port && response.body.find("\"address\"") == std::string::npos)
      ask(bench::kAddPort, facts);
  }

  void transact(std::span<const bench::Statement> statements, const Facts& facts,
                sql::Access access = sql::Access::kWrite) {
    database_.run(access, [&](sql::Transaction& t) {
      for (const bench::Statement& statement : statements) {
        const std::vector<sql::Value> values = bench::values_of(statement, facts);
        if (statement.text.starts_with("SELECT"))
          t.query(statement.text, values);
        else
          t.exec(statement.text, values);
      }
    });
  }

  base::Env& env_ = base::system_env();
  const std::size_t threads_;
  const std::string ironic_;
  http::Client client_;
  sql::Database database_;
  std::atomic<bool> failed_{false};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench-bare THREADS http://HOST:PORT DATABASE-URL <UUIDS\n", stderr);
    return 2;
  }
  try {
    std::printf("%.1f\n", Loop(argv[2], argv[3], std::stoul(argv[1])).run(read_uuids()));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-bare: %s\n", error.what());
    return 1;
  }
}
