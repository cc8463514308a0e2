#include "inspector/conductor/packed_text.h"

#include <gtest/gtest.h>

#include <random>

namespace inspector {
namespace {

TEST(PackedText, ComesBackAsItWas) {
  for (const std::string& text : {std::string(), std::string("a"), std::string("{\"a\": \"\0b\"}"),
                                  std::string(1'000'000, 'x')})
    EXPECT_EQ(unpack(pack(text)), text);
}

TEST(PackedText, ThatDoesNotCompressIsCutIntoParts) {
  std::mt19937 random(1);  // NOLINT: the same bytes in every run
  std::string text(300'000, '\0');
  for (char& each : text)
    each = static_cast<char>(random());
  const std::vector<std::string> parts = pack(text);
  EXPECT_GT(parts.size(), 5U);
  for (const std::string& part : parts)
    EXPECT_LE(part.size(), 65'535U);
  EXPECT_EQ(unpack(parts), text);
}

TEST(PackedText, ThatIsDamagedIsRefused) {
  std::vector<std::string> parts = pack(std::string(100'000, 'y'));
  EXPECT_THROW(unpack({"not base64!"}), std::runtime_error);
  EXPECT_THROW(unpack({}), std::runtime_error);
  parts.front().resize(parts.front().size() / 8 * 4);
  EXPECT_THROW(unpack(parts), std::runtime_error);
}

}  // namespace
}  // namespace inspector
