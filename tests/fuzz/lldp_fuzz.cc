// Any bytes: first as the value of a TLV whose type is the first byte, then as the JSON of a list.
#include "inspector/lldp/parser.h"
#include "inspector/utf8.h"

#include <cstdint>
#include <cstdlib>

namespace {

namespace json = boost::json;
using inspector::lldp::Found;

// What came out can be stored and sent.
void check(const Found& found) {
  if (!inspector::valid_utf8(json::serialize(found.attributes))) std::abort();
  if (found.notes.size() > Found::kMostNotes) std::abort();
  for (const auto& note : found.notes)
    if (!inspector::valid_utf8(note)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (!bytes.empty()) {
    Found found;
    inspector::lldp::parse(data[0], bytes.substr(1), found);
    check(found);
  }
  boost::system::error_code ec;
  const json::value list = json::parse(bytes, ec);
  if (!ec) check(inspector::lldp::parse(list));
  return 0;
}
