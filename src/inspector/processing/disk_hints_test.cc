#include "inspector/processing/disk_hints.h"

#include "inspector/processing/hook.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

bool fits(std::string_view hints, std::string_view disk) {
  return DiskHints(json::parse(hints)).matches(json::parse(disk).get_object());
}

std::string error_of(std::string_view hints) {
  try {
    const DiskHints parsed(json::parse(hints));
  } catch (const Rejected& e) {
    return e.what();
  }
  return {};
}

// 100 GiB, and what comes with it.
constexpr std::string_view kDisk =
    R"({"name":"/dev/sda","size":107374182400,"model":" Fast Disk 9000","serial":"42",)"
    R"("rotational":false,"vendor":null,"wwn":""})";

TEST(DiskHints, EveryOperatorComparesAsItSays) {
  const struct {
    std::string_view hints;
    bool fits;
  } kCases[] = {
      {"{}", true},
      {R"({"size":100})", true},
      {R"({"size":"100"})", true},
      {R"({"size":99})", false},
      {R"({"size":"== 100"})", true},
      {R"({"size":"!= 100"})", false},
      {R"({"size":"= 99"})", true},
      {R"({"size":"= 101"})", false},
      {R"({"size":">= 100"})", true},
      {R"({"size":">=101"})", false},
      {R"({"size":"<= 100"})", true},
      {R"({"size":"< 100"})", false},
      {R"({"size":"> 99"})", true},
      {R"({"size":"s== 100"})", true},
      {R"({"size":"<or> 99 <or> 100"})", true},
      {R"({"size":"<or> 98 <or> 99"})", false},
      {R"({"model":"fast disk 9000"})", true},
      {R"({"model":"  FAST DISK 9000 "})", true},
      {R"({"model":"fast"})", false},
      {R"({"model":"s== fast disk 9000"})", true},
      {R"({"model":"s!= fast disk 9000"})", false},
      {R"({"model":"s!= slow"})", true},
      {R"({"model":"s> fast"})", true},
      {R"({"model":"s>= g"})", false},
      {R"({"model":"s< g"})", true},
      {R"({"model":"s<= fast disk 9000"})", true},
      {R"({"model":"<in> disk 9"})", true},
      {R"({"model":"<in> slow"})", false},
      {R"({"model":"<all-in> disk fast"})", true},
      {R"({"model":"<all-in> disk slow"})", false},
      {R"({"model":"<or> slow disk <or> fast disk 9000"})", true},
      {R"({"model":"<or> slow disk <or> fast"})", false},
      {R"({"serial":"== 42.0"})", true},
      {R"({"serial":"> 42"})", false},
      {R"({"model":"== 42"})", false},
      {R"({"rotational":false})", true},
      {R"({"rotational":"No"})", true},
      {R"({"rotational":true})", false},
      {R"({"vendor":"none"})", true},
      {R"({"hctl":"none"})", true},
      {R"({"wwn":"none"})", false},
      {R"({"wwn":"s!= x"})", false},
      {R"({"size":100,"name":"/dev/sda"})", true},
      {R"({"size":100,"name":"/dev/sdb"})", false},
  };
  for (const auto& c : kCases)
    EXPECT_EQ(fits(c.hints, kDisk), c.fits) << c.hints;
}

TEST(DiskHints, ADiskWithValuesOfTheWrongKindDoesNotFit) {
  EXPECT_FALSE(fits(R"({"size":">= 1"})", R"({"size":"big"})"));
  EXPECT_FALSE(fits(R"({"size":">= 1"})", R"({"size":null})"));
  EXPECT_FALSE(fits(R"({"size":">= 1"})", "{}"));
  EXPECT_FALSE(fits(R"({"rotational":true})", R"({"rotational":"perhaps"})"));
  EXPECT_FALSE(fits(R"({"rotational":true})", R"({"rotational":[]})"));
  EXPECT_FALSE(fits(R"({"model":"x"})", R"({"model":{"x":1}})"));
}

TEST(DiskHints, InvalidHintsAreNamed) {
  EXPECT_EQ(error_of(R"({"sise":1,"model":"x","colour":2})"),
            "The hints \"sise, colour\" are invalid. Valid hints are: \"size, model, wwn, serial, "
            "vendor, wwn_with_extension, wwn_vendor_extension, name, rotational, hctl, by_path\"");
  EXPECT_EQ(error_of(R"({"model":5})"),
            "Root device hint \"model\" is not a string value. Hint expression: 5");
  EXPECT_EQ(error_of(R"({"model":" "})"), "Root device hint \"model\" expression is empty");
  EXPECT_EQ(error_of(R"({"model":"s=="})"), "Root device hint \"model\" expression is empty");
  EXPECT_EQ(error_of(R"({"size":""})"), "Root device hint \"size\" expression is empty");
  EXPECT_EQ(error_of(R"({"size":"large"})"),
            "Root device hint \"size\" is not an integer value. Current value: large");
  EXPECT_EQ(error_of(R"({"size":10.5})"),
            "Root device hint \"size\" is not an integer value. Current value: 10.5");
  EXPECT_EQ(error_of(R"({"size":{"a":1}})"),
            "Root device hint \"size\" is not an integer value. Current value: {'a': 1}");
  EXPECT_EQ(error_of(R"({"size":0})"),
            "Root device hint \"size\" should be a positive integer. Current value: 0");
  EXPECT_EQ(error_of(R"({"size":">= -1"})"),
            "Root device hint \"size\" should be a positive integer. Current value: >= -1");
  EXPECT_EQ(error_of(R"({"rotational":"perhaps"})"),
            "Root device hint \"rotational\" is not a Boolean value. Current value: perhaps");
  EXPECT_EQ(error_of(R"({"model":">= x"})"),
            "Root device hint \"model\" compares numbers but has none. Current value: >= x");
  EXPECT_EQ(error_of(R"(["size"])"), "expected an object of hints, got ['size']");
}

}  // namespace
}  // namespace inspector
