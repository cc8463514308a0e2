#include "tests/e2e/chaos/judge.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

namespace e2e {
namespace {

using WallTime = base::Env::WallTime;
using Kind = Asked::Kind;

constexpr std::string_view kNodes = "/v1/nodes/";

/// `value` of ` name=value` in a line of a log; empty: it is not there.
std::string field(const std::string& line, const std::string& name) {
  const auto at = line.find(" " + name + "=");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 2;
  return line.substr(begin, line.find(' ', begin) - begin);
}

struct Request {
  WallTime at;
  std::string body;
};

/// What one node's Ironic was asked to change.
struct Changes {
  std::vector<Request> patches, reboots;
};

std::map<std::string, Changes> changes_by_node(const std::filesystem::path& log) {
  std::map<std::string, Changes> all;
  std::ifstream in(log);
  for (std::string line; std::getline(in, line);) {
    const boost::json::value entry = boost::json::parse(line);
    const std::string method(entry.at("method").as_string());
    const std::string target(entry.at("target").as_string());
    const std::string body(entry.at("body").as_string());
    if (method == "GET" || !target.starts_with(kNodes) || body == Load::kReset) continue;
    if (entry.at("status").to_number<int>() >= 300) continue;
    const std::string uuid = target.substr(kNodes.size(), 36);
    const auto at = WallTime(std::chrono::duration_cast<WallTime::duration>(
        std::chrono::duration<double>(entry.at("time").to_number<double>())));
    if (method == "PATCH") all[uuid].patches.push_back({at, body});
    if (target.ends_with("/states/power") && body.find("reboot") != std::string::npos)
      all[uuid].reboots.push_back({at, body});
  }
  return all;
}

std::vector<Request> between(const std::vector<Request>& all, WallTime from, WallTime to) {
  std::vector<Request> some;
  std::ranges::copy_if(all, std::back_inserter(some),
                       [&](const Request& each) { return from <= each.at && each.at < to; });
  return some;
}

/// How often conductors went on with an operation of each node.
std::map<std::string, int> resumed_by_node(const ChaosSite& site) {
  std::map<std::string, int> found;
  for (const char* text : {"An operation is taken over", "An operation is resumed"})
    for (const std::string& line : site.conductor_lines(text))
      ++found[field(line, "node")];
  return found;
}

/// One attempt of a node: from its start, or reapply, to the next one.
struct Attempt {
  const Asked& asked;
  WallTime end;
  int allowed;  ///< repetitions
};

void judge_attempt(const Attempt& attempt, const Changes& changes, Requests& found) {
  const std::string uuid = node_uuid(attempt.asked.node);
  const auto patches = between(changes.patches, attempt.asked.at, attempt.end);
  const auto reboots = between(changes.reboots, attempt.asked.at, attempt.end);
  std::map<std::string, int> sets;
  for (const Request& each : patches)
    ++sets[each.body];
  found.patches += static_cast<int>(sets.size());
  found.repeated_patches += static_cast<int>(patches.size() - sets.size());
  if (sets.size() > 1) found.wrong.push_back(uuid + ": two different sets for one report");
  if (static_cast<int>(patches.size()) > 1 + attempt.allowed)
    found.wrong.push_back(uuid + ": " + std::to_string(patches.size()) + " patches");
  if (attempt.asked.kind != Kind::kStart) {
    if (!reboots.empty()) found.wrong.push_back(uuid + ": rebooted by a reapply");
    return;
  }
  found.starts += reboots.empty() ? 0 : 1;
  found.repeated_reboots += std::max(0, static_cast<int>(reboots.size()) - 1);
  if (reboots.empty() && attempt.asked.end == "finished")
    found.wrong.push_back(uuid + ": finished without a reboot");
  if (static_cast<int>(reboots.size()) > 1 + attempt.allowed)
    found.wrong.push_back(uuid + ": " + std::to_string(reboots.size()) + " reboots");
  if (!patches.empty() && !reboots.empty() && reboots.back().at > patches.front().at)
    found.wrong.push_back(uuid + ": rebooted after its report");
}

}  // namespace

Endings judge_endings(const std::vector<Asked>& asked, const std::vector<std::string>& ironic_log) {
  Endings found;
  std::map<std::string, int> given_up;  // each excuses one start, and the abort that came too late
  for (const std::string& line : ironic_log)
    if (line.find("gives up posting") != std::string::npos) ++given_up[field(line, "node")];
  const std::map<std::string, int> ever = given_up;
  for (const Asked& each : asked) {
    if (!each.accepted) continue;
    const std::string uuid = node_uuid(each.node);
    if (each.end == "finished")
      ++found.finished;
    else if (each.end == "Canceled by operator")
      ++found.aborted;
    else if (each.end == "Introspection timeout" &&
             (each.kind == Kind::kStart ? given_up[uuid]-- > 0 : ever.contains(uuid)))
      ++found.given_up;
    else
      found.lost.push_back(std::string(name(each.kind)) + " of " + uuid + ": " +
                           (each.end.empty() ? "has not ended" : each.end));
  }
  return found;
}

std::map<std::string, int> takeovers(const ChaosSite& site) {
  std::map<std::string, int> found;
  for (const std::string& line : site.conductor_lines("An operation is taken over"))
    ++found[field(line, "kind") + " at " + field(line, "step")];
  return found;
}

Requests judge_requests(const ChaosSite& site, const Load& load, const Nemesis& nemesis) {
  Requests found;
  const std::map<std::string, Changes> changes = changes_by_node(site.request_log());
  const std::map<std::string, int> resumed = resumed_by_node(site);
  std::map<int, std::vector<Asked>> by_node;
  for (const Asked& each : load.asked())
    if (each.kind != Kind::kAbort) by_node[each.node].push_back(each);
  for (const auto& [node, attempts] : by_node) {
    const std::string uuid = node_uuid(node);
    if (!changes.contains(uuid)) continue;
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      const WallTime end = i + 1 < attempts.size() ? attempts[i + 1].at : WallTime::max();
      const int resumptions = resumed.contains(uuid) ? resumed.at(uuid) : 0;
      const int allowed = resumptions + 2 * nemesis.ironic_cuts(attempts[i].at, end);
      judge_attempt({attempts[i], end, allowed}, changes.at(uuid), found);
    }
  }
  return found;
}

Audit judge_audit(const ChaosSite& site) {
  std::istringstream row(site.sql(
      "SELECT count(*), count(*) FILTER (WHERE (generation, number) < (before_generation, "
      "before_number)), count(*) FILTER (WHERE NOT fenced) FROM (SELECT *, lag(generation) OVER w "
      "AS before_generation, lag(number) OVER w AS before_number FROM chaos_audit WINDOW w AS "
      "(PARTITION BY node ORDER BY seq)) AS each"));
  Audit audit;
  char bar = 0;
  row >> audit.writes >> bar >> audit.stepped_back >> bar >> audit.unfenced;
  return audit;
}

std::vector<std::string> open_gates(const ChaosSite& site) {
  std::vector<std::string> open;
  for (std::size_t i = 1; i <= ChaosSite::kConductors; ++i)
    for (const auto& file :
         std::filesystem::directory_iterator(site.hosts_of("c" + std::to_string(i)))) {
      if (file.path().filename().string().starts_with('.')) continue;
      std::ifstream in(file.path());
      std::string line;
      std::getline(in, line);
      if (!line.ends_with(",ignore")) open.push_back(file.path().string() + ": " + line);
    }
  return open;
}

}  // namespace e2e
