#include "inspector/api/api_version.h"

#include "inspector/error.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

constexpr std::string_view kMalformed =
    "Malformed API version: expected string in form of X.Y or latest";

std::string outcome(const http::Headers& headers) {
  try {
    api_version(headers);
  } catch (const Error& error) {
    return std::to_string(http_status(error.code())) + " " + error.what();
  }
  return "accepted";
}

std::string asked(const std::string& version) {
  return outcome({{"x-openstack-ironic-inspector-api-version", version}});
}

TEST(ApiVersion, WhatIsInRangeIsAccepted) {
  for (const char* version :
       {"1.0", "1.6", "1.18", "latest", "LaTest", " 1.5 ", "01.007", "1. 3", "1.1_8"})
    EXPECT_EQ(asked(version), "accepted") << version;
  EXPECT_EQ(outcome({}), "accepted");
}

TEST(ApiVersion, WhatIsOutOfRangeIsNotAcceptable) {
  const std::pair<const char*, const char*> kCases[] = {
      {"0.9", "0.9"},
      {"1.19", "1.19"},
      {"2.0", "2.0"},
      {"1.-1", "1.-1"},
      {"01.020", "1.20"},
      {"1_0.1", "10.1"},
      {"+0099999999999999999999.-09_9999999999999999999",
       "99999999999999999999.-99999999999999999999"}};
  for (const auto& [version, shown] : kCases)
    EXPECT_EQ(asked(version), "406 Unsupported API version " + std::string(shown) +
                                  ", supported range is 1.0 to 1.18");
  EXPECT_EQ(asked("1.99999999999999999999999").substr(0, 3), "406");
}

TEST(ApiVersion, WhatIsNoVersionIsABadRequest) {
  for (const char* version :
       {"abc", "1", "1.2.3", "", ".", "1.", ".1", "1.x", "1..2", "+-1.2", "_1.2", "1_.2", "1.1__8"})
    EXPECT_EQ(asked(version), "400 " + std::string(kMalformed)) << version;
}

TEST(ApiVersion, TheStandardHeaderIsNotLookedAt) {
  EXPECT_EQ(outcome({{"OpenStack-API-Version", "baremetal-introspection 9.9"}}), "accepted");
}

}  // namespace
}  // namespace inspector
