// What locks and groups cost on every backend, as Markdown on standard output. It starts the
// servers by itself, on free ports of loopback.
//   bench-tooz              the tables; what Python's tooz does comes from
//   tests/bench/tooz_python.py bench-tooz DRIVER...    the table of these drivers only bench-tooz
//   idle URL     what this process costs when it only holds: two numbers
#include "tests/bench/tooz_measures.h"
#include "tests/support/coordination_server.h"
#include "tests/support/process.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <optional>
#include <sstream>

namespace {

using namespace std::chrono_literals;
using base::Env;

constexpr std::size_t kMembers = 1000;
constexpr std::size_t kLocks = 1000;
constexpr auto kSlice = 100ms;
constexpr int kRounds = 15;
constexpr std::size_t kThreads[] = {1, 16, 64};

std::string number(double value, int digits = 0) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// All that is measured on one backend.
struct Figures {
  std::map<std::size_t, bench::Rates> rates;  ///< by threads
  bench::HandOvers ten{};
  bench::HandOvers hundred{};
  bench::Views views{};
  bench::Holding idle{};
};

void tell(const std::string& text) { std::fprintf(stderr, "  %s\n", text.c_str()); }

/// In a process of its own: its memory is what is asked for.
bench::Holding holding(const std::string& self, const std::string& url) {
  bench::Holding result{};
  std::istringstream(support::run({self, "idle", url})) >> result.core >> result.mib;
  return result;
}

Figures measure(const std::string& name, const std::string& url, const std::string& self) {
  Figures all;
  for (const std::size_t threads : kThreads) {
    tell(name + ": locks, " + std::to_string(threads) + " at once");
    all.rates[threads] = bench::cycles({url, threads, kSlice, kRounds});
  }
  tell(name + ": hand-overs");
  all.ten = bench::hand_overs(url, 10, 1s);
  all.hundred = bench::hand_overs(url, 100, 1s);
  tell(name + ": views");
  all.views = bench::views(url, kMembers);
  tell(name + ": idle");
  if (!url.starts_with("memory:")) all.idle = holding(self, url);
  return all;
}

void print_row(const std::string& name, const Figures& all) {
  std::string row = "| " + name + " |";
  const auto cell = [&](const std::string& text) { row += " " + text + " |"; };
  for (const auto& [threads, rates] : all.rates)
    cell(number(rates.locks) + " (" + number(rates.percent) + " %)");
  cell(number(all.ten.median, 2) + " / " + number(all.ten.transaction, 2));
  cell(number(all.ten.calls, 1) + " / " + number(all.hundred.calls, 1));
  cell(number(all.views.first, 1));
  cell(number(all.views.read));
  cell(all.idle.mib > 0 ? number(all.idle.core, 2) : "");
  cell(all.idle.mib > 0 ? number(all.idle.mib, 1) : "");
  std::puts(row.c_str());
  std::fflush(stdout);
}

void print_head() {
  std::puts(
      "| backend | locks/s, 1 at once | 16 | 64 | hand-over / write, ms | calls for it: 10 / 100 "
      "wait | first view of 1,000, ms | reading it, ns | idle: % of a core | MiB |\n"
      "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
}

/// What etcd itself has counted so far.
double counted_by(const support::CoordinationServer& etcd, const std::string& metric) {
  std::istringstream lines(support::run(
      {"curl", "-sS", "http://127.0.0.1:" + std::to_string(etcd.port()) + "/metrics"}));
  double sum = 0;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(metric)) sum += std::stod(line.substr(line.rfind(' ') + 1));
  return sum;
}

void print_goal(const std::string& what, const std::string& goal, const std::string& measured,
                bool met) {
  std::printf("| %s | %s | %s%s |\n", what.c_str(), goal.c_str(), measured.c_str(),
              met ? "" : " (missed)");
}

// Ours and Python's in turns, on the same server.
void print_beside_python(const support::CoordinationServer& etcd) {
  std::vector<double> ours;
  std::vector<double> theirs;
  for (int round = 0; round < 3; ++round) {
    ours.push_back(bench::cycles({etcd.url(""), 1, 1s, 1}).locks);
    theirs.push_back(std::stod(support::run(
        {"/usr/bin/python3", "tests/bench/tooz_python.py", etcd.url("api_version=v3"), "1"})));
  }
  const double times = bench::median(ours) / bench::median(theirs);
  print_goal("locks at 1 client, times the rate of Python's tooz (`etcd3+http`)", "≥ 3",
             number(times, 1) + " (" + number(bench::median(ours)) + "/s, " +
                 number(bench::median(theirs)) + "/s)",
             times >= 3);
}

void print_goals(const support::CoordinationServer& etcd, const Figures& all) {
  std::puts("\n| on etcd | goal | measured |\n|---|---|---|");
  for (const auto& [threads, rates] : all.rates)
    print_goal(
        "locks, % of the bare transactions, " + std::to_string(threads) + " at once", "≥ 90",
        number(rates.percent) + " (" + number(rates.locks) + "/s, " + number(rates.pairs) + "/s)",
        rates.percent >= 90);
  const auto raft = [&] { return counted_by(etcd, "etcd_server_proposals_committed_total"); };
  const double writes = bench::counted_cycles(etcd.url(""), 300, raft) / 300;
  print_goal("Raft writes for a lock taken and given back", "2", number(writes, 2), writes < 2.05);
  print_beside_python(etcd);
  const double times = all.ten.median / all.ten.transaction;
  print_goal("hand-over, median, times a bare transaction", "≤ 2", number(times, 2), times <= 2);
  print_goal("calls for a hand-over, 100 waiters beside 10", "as many",
             number(all.ten.calls, 2) + ", " + number(all.hundred.calls, 2),
             all.hundred.calls <= all.ten.calls * 1.1);
  print_goal("reading a view of 1,000 members, ns", "< 1000", number(all.views.read),
             all.views.read < 1000);
  print_goal("calls for its first fill", "1", number(all.views.calls), all.views.calls <= 1);
  tell("etcd: 1,000 members");
  const double requests = bench::crowd(
      etcd.url(""), kMembers, [&] { return counted_by(etcd, "grpc_server_msg_received_total"); });
  print_goal("1,000 members joined: requests for each in a third of a lease", "≤ 1",
             number(requests, 2), requests <= 1.02);
  print_goal("a process with a lease, 10 groups, 1,000 locks: % of a core", "< 1",
             number(all.idle.core, 2), all.idle.core < 1);
  print_goal("its memory, MiB", "< 20", number(all.idle.mib, 1), all.idle.mib < 20);
}

/// The row of one backend; nullopt: something went wrong, and the others are still to be measured.
std::optional<Figures> measure_and_print(const std::string& name, const std::string& url,
                                         const std::string& self) {
  try {
    Figures all = measure(name, url, self);
    print_row(name, all);
    return all;
  } catch (const std::exception& error) {
    tell(name + ": " + error.what());
    std::printf("| %s | failed |\n", name.c_str());
    return std::nullopt;
  }
}

/// False: a backend could not be measured.
bool run(const std::string& self, const std::vector<std::string>& wanted) {
  const auto is_wanted = [&](const std::string& name) {
    return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
  };
  std::unique_ptr<support::CoordinationServer> etcd;
  std::optional<Figures> of_etcd;
  bool all_well = true;
  print_head();
  for (const support::CoordinationKind& kind : support::coordination_kinds()) {
    if (!is_wanted(kind.name)) continue;
    auto server = kind.start();
    const auto found = measure_and_print(kind.name, server->url(""), self);
    all_well = all_well && found;
    if (kind.name != "etcd") continue;
    of_etcd = found;
    etcd = std::move(server);
  }
  const support::TempFolder folder;
  for (const std::string& url :
       {"file://" + (folder.path() / "store").string(), std::string("memory://")}) {
    const std::string name = url.substr(0, url.find(':'));
    if (is_wanted(name)) all_well = measure_and_print(name, url, self) && all_well;
  }
  if (of_etcd) print_goals(*etcd, *of_etcd);
  return all_well;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    if (words.size() == 2 && words[0] == "idle") {
      const auto found = bench::holding(words[1], kLocks, 5s);
      std::printf("%f %f\n", found.core, found.mib);
    } else {
      return run(argv[0], words) ? 0 : 1;
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-tooz: %s\n", error.what());
    return 1;
  }
}
