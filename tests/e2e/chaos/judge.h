#pragma once
#include "tests/e2e/chaos/load.h"
#include "tests/e2e/chaos/nemesis.h"
#include "tests/e2e/chaos/site.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace e2e {

/// What was accepted against how it ended. What is not listed as lost ended `finished`, by the
/// operator's abort, or by the timeout of a machine that had given up posting.
struct Endings {
  int finished = 0, aborted = 0, given_up = 0;
  std::vector<std::string> lost;
};
Endings judge_endings(const std::vector<Asked>& asked, const std::vector<std::string>& ironic_log);

/// Operations that went on elsewhere or later, as `start at power`, and how often.
std::map<std::string, int> takeovers(const ChaosSite& site);

/// What Ironic was asked for, against what was accepted: a set or a reboot is sent once for an
/// attempt, and once more for each takeover or resumption of that very operation, at the step at
/// which it may have been sent, and for each repetition of a request whose answer was lost.
struct Requests {
  int starts = 0;            ///< with a reboot
  int patches = 0;           ///< of nodes, those that were allowed to be repeated left out
  int repeated_patches = 0;  ///< the same set again, after a takeover or a lost answer
  int repeated_reboots = 0;
  std::vector<std::string> wrong;
};
Requests judge_requests(const ChaosSite& site, const Load& load);

/// The table of writes that the database kept.
struct Audit {
  long writes = 0, stepped_back = 0, unfenced = 0;
};
Audit judge_audit(const ChaosSite& site);

/// What is open in the filters of conductors that live, though nobody is being introspected.
std::vector<std::string> open_gates(const ChaosSite& site);

}  // namespace e2e
