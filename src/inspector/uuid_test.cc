#include "inspector/uuid.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

TEST(Uuid, AnyCaseAndFormOfItIsRecognised) {
  EXPECT_TRUE(is_uuid_like("b2990409-b91e-4be9-97fa-d7e0cf9c8def"));
  EXPECT_TRUE(is_uuid_like("B2990409B91E4BE997FAD7E0CF9C8DEF"));
  EXPECT_TRUE(is_uuid_like("urn:uuid:b2990409-b91e-4be9-97fa-d7e0cf9c8def"));
  EXPECT_TRUE(is_uuid_like("{b2990409-b91e-4be9-97fa-d7e0cf9c8def}"));
}

TEST(Uuid, NamesAreNone) {
  for (const char* name : {"", "node-1", "b2990409-b91e-4be9-97fa-d7e0cf9c8de",
                           "b2990409-b91e-4be9-97fa-d7e0cf9c8deff",
                           "g2990409-b91e-4be9-97fa-d7e0cf9c8def", "--------"})
    EXPECT_FALSE(is_uuid_like(name)) << name;
}

TEST(Uuid, EveryFormBecomesTheUsualOne) {
  for (const char* form :
       {"b2990409-b91e-4be9-97fa-d7e0cf9c8def", "B2990409B91E4BE997FAD7E0CF9C8DEF",
        "urn:uuid:b2990409-b91e-4be9-97fa-d7e0cf9c8def"})
    EXPECT_EQ(canonical_uuid(form), "b2990409-b91e-4be9-97fa-d7e0cf9c8def");
  EXPECT_EQ(canonical_uuid("node-1"), std::nullopt);
}

}  // namespace
}  // namespace inspector
