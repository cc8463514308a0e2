#include "inspector/processing/fields.h"

#include "inspector/processing/hook.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

std::string inventory_error(std::string_view text) {
  json::object report = json::parse(text).get_object();
  try {
    checked_inventory(report);
  } catch (const Rejected& e) {
    return e.what();
  }
  return {};
}

TEST(Fields, InventoryMustBeThereAndHaveInterfaces) {
  const std::string empty = "Hardware inventory is empty or missing";
  const std::string none = "No network interfaces provided in the inventory";
  EXPECT_EQ(inventory_error("{}"), empty);
  EXPECT_EQ(inventory_error(R"({"inventory":null})"), empty);
  EXPECT_EQ(inventory_error(R"({"inventory":{}})"), empty);
  EXPECT_EQ(inventory_error(R"({"inventory":[1]})"), "inventory: expected an object, got [1]");
  EXPECT_EQ(inventory_error(R"({"inventory":{"cpu":{}}})"), none);
  EXPECT_EQ(inventory_error(R"({"inventory":{"interfaces":[]}})"), none);
  EXPECT_EQ(inventory_error(R"({"inventory":{"interfaces":{"a":1}}})"),
            "inventory.interfaces: expected a list, got {'a': 1}");
  EXPECT_EQ(inventory_error(R"({"inventory":{"interfaces":[1],"disks":"x"}})"),
            "inventory.disks: expected a list, got 'x'");
  EXPECT_EQ(inventory_error(R"({"inventory":{"interfaces":[1]}})"), "");
}

TEST(Fields, MissingDisksBecomeAnEmptyList) {
  json::object report =
      json::parse(R"({"inventory":{"interfaces":[1],"disks":null}})").get_object();
  EXPECT_TRUE(checked_inventory(report).at("disks").is_array());
}

TEST(Fields, WrongKindsAreNamedWithTheirPath) {
  const json::object object = json::parse(R"({"a":1,"b":null})").get_object();
  EXPECT_FALSE(text_field(object, "top.b"));
  EXPECT_EQ(list_field(object, "top.c"), nullptr);
  try {
    text_field(object, "top.a");
    FAIL();
  } catch (const Rejected& e) {
    EXPECT_STREQ(e.what(), "top.a: expected a string, got 1");
  }
  EXPECT_THROW(object_field(object, "a"), Rejected);
  EXPECT_THROW(list_field(object, "a"), Rejected);
}

TEST(Fields, IntegersAreReadAsPythonsInt) {
  const struct {
    std::string_view json;
    std::optional<std::int64_t> number;
  } kCases[] = {{"56", 56},
                {"-3", -3},
                {"56.9", 56},
                {"true", 1},
                {"\" 56 \"", 56},
                {"\"+5\"", 5},
                {"\"5.5\"", {}},
                {"\"\"", {}},
                {"\"+-5\"", {}},
                {"null", {}},
                {"[]", {}},
                {"1e300", {}},
                {"18446744073709551615", {}}};
  for (const auto& c : kCases)
    EXPECT_EQ(as_integer(json::parse(c.json)), c.number) << c.json;
}

TEST(Fields, TruthIsPythons) {
  for (const std::string_view no : {"null", "false", "0", "0.0", "\"\"", "[]", "{}"})
    EXPECT_FALSE(truthy(json::parse(no))) << no;
  for (const std::string_view yes : {"true", "1", "\"0\"", "[0]", R"({"a":null})"})
    EXPECT_TRUE(truthy(json::parse(yes))) << yes;
}

}  // namespace
}  // namespace inspector
