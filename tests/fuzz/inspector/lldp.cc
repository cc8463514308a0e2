// Any bytes: first as the value of a TLV whose type is the first byte, then as the JSON of a list.
#include "inspector/lldp/parser.h"
#include "inspector/utf8.h"
#include "tests/fuzz/inspector/targets.h"
#include "tests/fuzz/target.h"

namespace fuzz {
namespace {

namespace json = boost::json;
using inspector::lldp::Found;

// What came out can be stored and sent.
void check(const Found& found) {
  expect(inspector::valid_utf8(json::serialize(found.attributes)), "attributes are not UTF-8");
  expect(found.notes.size() <= Found::kMostNotes, "too many notes");
  for (const auto& note : found.notes)
    expect(inspector::valid_utf8(note), "a note is not UTF-8");
}

}  // namespace

void fuzz_lldp(std::string_view bytes) {
  if (!bytes.empty()) {
    Found found;
    inspector::lldp::parse(static_cast<unsigned char>(bytes.front()), bytes.substr(1), found);
    check(found);
  }
  boost::system::error_code ec;
  const json::value list = json::parse(bytes, ec);
  if (!ec) check(inspector::lldp::parse(list));
}

}  // namespace fuzz
