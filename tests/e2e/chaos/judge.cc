#include "tests/e2e/chaos/judge.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace e2e {
namespace {

using WallTime = base::Env::WallTime;
using Kind = Asked::Kind;

constexpr std::string_view kNodes = "/v1/nodes/";
constexpr std::size_t kUuidLength = 36;

/// `value` of ` name=value` in a line of a log; empty: it is not there.
std::string field(const std::string& line, const std::string& name) {
  const auto at = line.find(" " + name + "=");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 2;
  return line.substr(begin, line.find(' ', begin) - begin);
}

/// The node that a line of a log is about.
std::string node_of(const std::string& line) {
  constexpr std::string_view kAbout = "[node: ";
  const auto at = line.find(kAbout);
  return at == std::string::npos ? field(line, "node")
                                 : line.substr(at + kAbout.size(), kUuidLength);
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
    const std::string uuid = target.substr(kNodes.size(), kUuidLength);
    const auto at = WallTime(std::chrono::duration_cast<WallTime::duration>(
        std::chrono::duration<double>(entry.at("time").to_number<double>())));
    if (method == "PATCH") all[uuid].patches.push_back({at, body});
    if (target.ends_with("/states/power") && body.find("reboot") != std::string::npos)
      all[uuid].reboots.push_back({at, body});
  }
  return all;
}

/// When a conductor wrote a line of its log.
WallTime time_of(const std::string& line) {
  std::tm parts{};
  double seconds = 0;
  if (std::sscanf(line.c_str(), "%d-%d-%d %d:%d:%lf", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &seconds) != 6)
    throw std::runtime_error("a log line without a time: " + line);
  constexpr int kFirstYear = 1900;
  parts.tm_year -= kFirstYear;
  parts.tm_mon -= 1;
  parts.tm_isdst = -1;
  return std::chrono::system_clock::from_time_t(std::mktime(&parts)) +
         std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(seconds));
}

/// What allows that something is sent to a node's Ironic once more.
struct Licences {
  std::vector<WallTime> report_sets, reapply_sets, reboots;
};

/// Each takeover, or resumption after trouble, of an operation whose step says that it may have
/// been done, and each repetition within one call whose answer was lost.
std::map<std::string, Licences> licences_by_node(const ChaosSite& site) {
  std::map<std::string, Licences> found;
  for (const char* text : {"An operation is taken over", "An operation is resumed"})
    for (const std::string& line : site.conductor_lines(text)) {
      Licences& its = found[node_of(line)];
      const std::string kind = field(line, "kind"), step = field(line, "step");
      if (step == "changes" || step == "sending")
        (kind == "reapply" ? its.reapply_sets : its.report_sets).push_back(time_of(line));
      if (step == "power" || step == "power-again") its.reboots.push_back(time_of(line));
    }
  for (const std::string& line : site.conductor_lines("it may have been done, trying again")) {
    const auto at = line.find(kNodes);
    if (at == std::string::npos) continue;
    Licences& its = found[line.substr(at + kNodes.size(), kUuidLength)];
    if (line.find("PATCH ") != std::string::npos) {
      its.report_sets.push_back(time_of(line));
      its.reapply_sets.push_back(time_of(line));
    } else if (line.find("/states/power") != std::string::npos) {
      its.reboots.push_back(time_of(line));
    }
  }
  return found;
}

/// One attempt of a node: from its start, or reapply, to the next one.
struct Attempt {
  const Asked& asked;
  WallTime end;
  const Licences& licences;

  std::vector<Request> within(const std::vector<Request>& all) const {
    std::vector<Request> some;
    std::ranges::copy_if(all, std::back_inserter(some),
                         [&](const Request& each) { return asked.at <= each.at && each.at < end; });
    return some;
  }
  /// What is sent once, and again for each licence.
  std::size_t allowed(const std::vector<WallTime>& all) const {
    return 1 + static_cast<std::size_t>(std::ranges::count_if(
                   all, [&](WallTime at) { return asked.at <= at && at < end; }));
  }
};

void judge_sets(const Attempt& attempt, const std::vector<Request>& patches, Requests& found) {
  const std::string uuid = node_uuid(attempt.asked.node);
  const bool start = attempt.asked.kind == Kind::kStart;
  std::set<std::string> sets;
  for (const Request& each : patches)
    sets.insert(each.body);
  found.patches += static_cast<int>(sets.size());
  found.repeated_patches += static_cast<int>(patches.size() - sets.size());
  if (sets.size() > 1) found.wrong.push_back(uuid + ": two different sets for one report");
  const std::size_t allowed =
      attempt.allowed(start ? attempt.licences.report_sets : attempt.licences.reapply_sets);
  if (patches.size() > allowed)
    found.wrong.push_back(uuid + ": " + std::to_string(patches.size()) + " patches, " +
                          std::to_string(allowed) + " allowed");
}

void judge_attempt(const Attempt& attempt, const Changes& changes, Requests& found) {
  const std::string uuid = node_uuid(attempt.asked.node);
  const auto patches = attempt.within(changes.patches);
  const auto reboots = attempt.within(changes.reboots);
  judge_sets(attempt, patches, found);
  if (attempt.asked.kind != Kind::kStart) {
    if (!reboots.empty()) found.wrong.push_back(uuid + ": rebooted by a reapply");
    return;
  }
  found.starts += reboots.empty() ? 0 : 1;
  found.repeated_reboots += std::max(0, static_cast<int>(reboots.size()) - 1);
  if (reboots.empty() && attempt.asked.end == "finished")
    found.wrong.push_back(uuid + ": finished without a reboot");
  const std::size_t allowed = attempt.allowed(attempt.licences.reboots);
  if (reboots.size() > allowed)
    found.wrong.push_back(uuid + ": " + std::to_string(reboots.size()) + " reboots, " +
                          std::to_string(allowed) + " allowed");
  if (!patches.empty() && !reboots.empty() && reboots.back().at > patches.front().at)
    found.wrong.push_back(uuid + ": rebooted after its report");
}

/// What belongs to no attempt at all.
void judge_unasked(const std::string& uuid, const Changes& changes, WallTime first_asked,
                   Requests& found) {
  const auto before = [&](const Request& each) { return each.at < first_asked; };
  if (std::ranges::any_of(changes.patches, before) || std::ranges::any_of(changes.reboots, before))
    found.wrong.push_back(uuid + ": changed before anybody had asked for it");
}

}  // namespace

Endings judge_endings(const std::vector<Asked>& asked, const std::vector<std::string>& ironic_log) {
  Endings found;
  std::map<std::string, int> given_up;  // each excuses one start, and the abort that came too late
  for (const std::string& line : ironic_log)
    if (line.find("gives up posting") != std::string::npos) ++given_up[node_of(line)];
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

Requests judge_requests(const ChaosSite& site, const Load& load) {
  Requests found;
  const std::map<std::string, Licences> licences = licences_by_node(site);
  std::map<std::string, std::vector<Asked>> by_node;
  for (const Asked& each : load.asked())
    if (each.kind != Kind::kAbort) by_node[node_uuid(each.node)].push_back(each);
  static const Licences kNone;
  for (const auto& [uuid, changes] : changes_by_node(site.request_log())) {
    const std::vector<Asked>& attempts = by_node[uuid];
    const auto given = licences.find(uuid);
    for (std::size_t i = 0; i < attempts.size(); ++i) {
      const WallTime end = i + 1 < attempts.size() ? attempts[i + 1].at : WallTime::max();
      judge_attempt({attempts[i], end, given != licences.end() ? given->second : kNone}, changes,
                    found);
    }
    judge_unasked(uuid, changes, attempts.empty() ? WallTime::max() : attempts[0].at, found);
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
