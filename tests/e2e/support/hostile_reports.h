#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

namespace e2e {

/// A report as a body, and what is wrong with it.
struct HostileReport {
  std::string what;
  std::string body;
};

/// `report` with a value in it replaced by one of another kind: with `all` every value at every
/// level, by each of them; else every third value, by one of them each, in turn.
std::vector<HostileReport> with_wrong_types(const boost::json::object& report, bool all);

/// `report` with parts that are far too big, deep, many or not what they claim to be.
std::vector<HostileReport> with_wrong_contents(const boost::json::object& report);

/// What the logs of with_logs_that_lead_elsewhere() are when they have been decoded.
inline constexpr const char* kHostileLogs = "../logs";
/// `report` with logs, and with names in it that lead out of a folder.
std::vector<HostileReport> with_logs_that_lead_elsewhere(const boost::json::object& report);

}  // namespace e2e
