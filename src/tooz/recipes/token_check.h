#pragma once
#include "tooz/lock.h"
#include "tooz/recipes/held_key.h"
#include "tooz/recipes/meter.h"

#include <deque>
#include <map>
#include <mutex>

namespace tooz {

/// Looks whether what must never happen does: two live exclusive tokens of one key, or a token
/// below an earlier one of the same origin. Sees all grants of this process, whichever coordinator
/// made them, and of other processes those whose keys come in place of ours. Remembers the last
/// 10,000 keys. Thread-safe; reports by the log and by metrics.
class TokenCheck {
 public:
  /// The one of this process, for grants by the machine's clock (base::system_env()).
  static TokenCheck& instance();

  struct Grant {
    Token token;
    std::shared_ptr<HeldKey> held;
  };
  void granted(const Grant& grant, const Meter& meter);

 private:
  struct Last {
    Revision number = 0;
    std::weak_ptr<HeldKey> held;
  };
  using Name = std::pair<std::string, std::string>;  ///< origin, key

  std::mutex mutex_;
  std::map<Name, Last> last_;
  std::deque<Name> order_;
};

}  // namespace tooz
