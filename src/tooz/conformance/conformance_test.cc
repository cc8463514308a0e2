#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/local_worlds.h"
#include "tooz/conformance/recipe_suite.h"

#include <algorithm>

namespace tooz::conformance {
namespace {

INSTANTIATE_TEST_SUITE_P(Local, BackendConformance, testing::ValuesIn(local_subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(Local, RecipeConformance, testing::ValuesIn(local_subjects()), name_of);

TEST(Conformance, EveryDriverPromisesWhatIsFixedHere) {
  std::vector<std::string_view> schemes;
  for (const Driver& driver : drivers()) {
    schemes.push_back(driver.scheme);
    const Features* required = required_features(driver.scheme);
    ASSERT_TRUE(required) << driver.scheme;
    EXPECT_EQ(driver.features, *required) << driver.scheme;
  }
  for (const std::string_view scheme : drivers_left_out())
    schemes.push_back(scheme);
  std::ranges::sort(schemes);
  EXPECT_EQ(schemes, known_schemes());
}

}  // namespace
}  // namespace tooz::conformance
