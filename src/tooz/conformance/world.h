#pragma once
#include "tooz/driver.h"

#include <gtest/gtest.h>

#include <functional>

namespace tooz::conformance {

/// A backend under test, with what lies beneath it. Made anew for each test.
class World {
 public:
  World() = default;
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  virtual ~World() = default;

  virtual Env& env() { return base::system_env(); }
  /// Calls `body`; open() and the backends are for use in it only.
  virtual void run(const std::function<void()>& body) { body(); }
  virtual std::unique_ptr<Backend> open() = 0;  ///< another client of the same data
  /// Stops what keeps the data and starts it again, while no client is open.
  virtual void restart() = 0;
  virtual Env::Duration short_lease() = 0;  ///< the shortest that makes sense here
};

struct Subject {
  std::string name;  ///< of the variant, in the name of each test
  std::string_view scheme;
  std::function<std::unique_ptr<World>()> make;
};
void PrintTo(const Subject& subject, std::ostream* out);
std::string name_of(const testing::TestParamInfo<Subject>& info);

/// What a driver must promise at least; null: the suite does not know it. A driver that promises
/// something else fails, so nobody lowers the bar in passing.
const Features* required_features(std::string_view scheme);
std::vector<std::string_view> known_schemes();

/// Excludes the test it stands in for drivers that do not promise `feature`. They are listed as
/// skipped at the end of the run; nothing else in the suite is.
#define TOOZ_NEEDS(feature)                                                \
  if (!::tooz::conformance::required_features(GetParam().scheme)->feature) \
  GTEST_SKIP() << GetParam().scheme << "://: excluded, it does not promise " << #feature

}  // namespace tooz::conformance
