#include "sim/history/lock_order.h"

#include <algorithm>
#include <map>
#include <optional>

namespace sim {
namespace {

/// All that was done under one token.
struct Grant {
  std::optional<Call<LockUse>> acquire;
  std::vector<Call<LockUse>> looks;
  Moment released = kNever;  ///< the first release was answered
  bool twice = false;
};

std::map<tooz::Revision, Grant> by_token(const std::vector<Call<LockUse>>& calls) {
  std::map<tooz::Revision, Grant> grants;
  for (const auto& call : calls) {
    Grant& grant = grants[call.op.token];
    switch (call.op.kind) {
      case LockUse::Kind::kAcquire:
        grant.twice = grant.twice || grant.acquire.has_value();
        grant.acquire = call;
        break;
      case LockUse::Kind::kLook:
        if (call.ended != kNever) grant.looks.push_back(call);
        break;
      case LockUse::Kind::kRelease:
        grant.released = std::min(grant.released, call.ended);
        break;
    }
  }
  return grants;
}

}  // namespace

// Each grant begins as early as it can: after all that was seen of the one before it.
std::string lock_violation(const std::vector<Call<LockUse>>& calls) {
  Moment past = 0;
  tooz::Revision before = 0;
  for (const auto& [token, grant] : by_token(calls)) {
    const std::string name = "token " + std::to_string(token);
    if (grant.twice) return name + " was granted twice";
    if (!grant.acquire) return name + " was used and never granted";
    const std::string after = " while " + std::to_string(before) + " was still seen live";
    past = std::max(past, grant.acquire->begun);
    if (past > grant.acquire->ended) return name + " was granted" + after;
    const Moment begun = past;
    for (const auto& look : grant.looks) {
      if (begun > look.ended) return name + " was seen live before it was granted, or" + after;
      past = std::max(past, look.begun);
    }
    if (past > grant.released) return name + " was seen live after its release";
    before = token;
  }
  return {};
}

}  // namespace sim
