#pragma once

namespace tooz {

/// Mistakes that a test plants to prove that the simulation would notice them. All false elsewhere.
struct Flaws {
  bool stamp_at_reply = false;   ///< a lease's age counts from the answer, not from the request
  bool no_margin = false;        ///< a lease is used to its last moment
  bool no_look = false;          ///< after a lost answer, what was asked for is taken as not done
  bool release_by_name = false;  ///< a lock is given back without a look at whose it is by now
};

}  // namespace tooz
