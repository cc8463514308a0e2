// Any bytes at all give attributes or notes: random ones, and every beginning of real ones.
#include "inspector/lldp/bytes.h"
#include "inspector/lldp/parser.h"
#include "inspector/utf8.h"

#include <gtest/gtest.h>

#include <random>

namespace inspector::lldp {
namespace {

namespace json = boost::json;

using Random = std::mt19937;

constexpr int kTypes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 126, 127, 255};
constexpr std::string_view kReal[] = {
    "0464d1547f2a00",
    "0545746865726e6574312f3137",
    "0501ac1600fe020000000100",
    "00140014",
    "0080c2010065",
    "0080c203006507766c616e313031",
    "00120f010300000021",
    "00120f042400",
    "0080c202060010",
    "0080c204028870",
    "0080c2070300000005",
    "050220010db8000000000000000000000001",
    "6c6561662d3037c3a4",
    "00120f030100000007",
};

// What came out can be kept and sent: it is JSON in UTF-8, and no larger than it has to be.
void expect_usable(int type, const std::string& bytes) {
  Found found;
  parse(type, bytes, found);
  const std::string text = json::serialize(found.attributes);
  ASSERT_TRUE(valid_utf8(text)) << type << ' ' << to_hex(bytes);
  ASSERT_LE(text.size(), 1000 + 6 * bytes.size()) << type << ' ' << to_hex(bytes);
  for (const auto& note : found.notes)
    ASSERT_TRUE(valid_utf8(note)) << type << ' ' << to_hex(bytes);
}

TEST(LldpTotal, EveryBeginningOfARealValueAsEveryType) {
  for (const auto hex : kReal) {
    const std::string whole = *from_hex(hex);
    for (std::size_t size = 0; size <= whole.size(); ++size)
      for (const int type : kTypes)
        expect_usable(type, whole.substr(0, size));
  }
}

TEST(LldpTotal, RealValuesWithBytesChanged) {
  Random random(11);  // NOLINT: the same cases every time
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = *from_hex(kReal[random() % std::size(kReal)]);
    for (unsigned changes = random() % 4; changes > 0; --changes)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    expect_usable(kTypes[random() % std::size(kTypes)], bytes);
  }
}

TEST(LldpTotal, RandomBytes) {
  Random random(12);  // NOLINT: the same cases every time
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& c : bytes)
      c = static_cast<char>(random());
    expect_usable(kTypes[random() % std::size(kTypes)], bytes);
  }
}

json::value random_json(Random& random, int depth) {
  switch (random() % (depth > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random() % 300) - 20;
    case 3:
      return 0.5;
    case 4:
      return json::value(kReal[random() % std::size(kReal)]);
    case 5:
      return std::uint64_t{1} << 63U;
    case 6:
      return json::object{{"a", random_json(random, depth - 1)}};
    default: {
      json::array list;
      for (unsigned size = random() % 4; size > 0; --size)
        list.push_back(random_json(random, depth - 1));
      return list;
    }
  }
}

TEST(LldpTotal, AnyJsonInPlaceOfTheTlvs) {
  Random random(13);  // NOLINT: the same cases every time
  for (int round = 0; round < 20000; ++round) {
    const Found found = parse(random_json(random, 3));
    ASSERT_LE(found.notes.size(), Found::kMostNotes);
  }
}

}  // namespace
}  // namespace inspector::lldp
