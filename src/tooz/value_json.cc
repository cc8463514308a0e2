#include <boost/json.hpp>

#include "tooz/value.h"

namespace tooz {
namespace {

namespace json = boost::json;

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view s) {
  std::size_t i = 0;
  const auto at = [&](std::size_t k) {
    return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U;
  };
  while (i < s.size()) {
    const unsigned c = at(i);
    const int more = c < 0x80                 ? 0
                     : c >= 0xc2 && c <= 0xdf ? 1
                     : (c >> 4) == 0xe        ? 2
                     : c >= 0xf0 && c <= 0xf4 ? 3
                                              : -1;
    if (more < 0) return false;
    const unsigned second = at(i + 1);
    if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) ||
        (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f))
      return false;
    for (int k = 1; k <= more; ++k)
      if ((at(i + static_cast<std::size_t>(k)) & 0xc0) != 0x80) return false;
    i += static_cast<std::size_t>(more) + 1;
  }
  return true;
}

json::value readable_bytes(const std::string& bytes) {
  if (is_utf8(bytes)) return json::string(bytes);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char c : bytes)
    hex += {kDigits[c >> 4], kDigits[c & 15]};
  return json::object{{"bytes", hex}};
}

json::value convert(const Value& v) {
  if (v.is_null()) return nullptr;
  if (const auto* b = v.boolean()) return *b;
  if (const auto* i = v.integer()) return *i;
  if (const auto* r = v.real()) return *r;
  if (const auto* t = v.text()) return readable_bytes(*t);
  if (const auto* b = v.bytes()) return readable_bytes(b->data);
  if (const auto* l = v.list()) {
    json::array items;
    for (const auto& item : *l)
      items.push_back(convert(item));
    return items;
  }
  json::object members;
  for (const auto& [key, item] : *v.map())
    members[is_utf8(key) ? key : "?"] = convert(item);
  return members;
}

Value convert(const json::value& v) {
  switch (v.kind()) {
    case json::kind::null:
      return nullptr;
    case json::kind::bool_:
      return v.get_bool();
    case json::kind::int64:
      return v.get_int64();
    case json::kind::uint64:
      return static_cast<double>(v.get_uint64());
    case json::kind::double_:
      return v.get_double();
    case json::kind::string:
      return std::string(v.get_string());
    case json::kind::array: {
      Value::List items;
      for (const auto& item : v.get_array())
        items.push_back(convert(item));
      return items;
    }
    case json::kind::object:
      break;
  }
  Value::Map members;
  for (const auto& member : v.get_object())
    members.insert_or_assign(std::string(member.key()), convert(member.value()));
  return members;
}

}  // namespace

std::string to_json(const Value& value) { return json::serialize(convert(value)); }

Value from_json(std::string_view text) {
  json::stream_parser parser;
  json::error_code ec;
  const std::size_t read = parser.write_some(text.data(), text.size(), ec);
  if (!ec && read == text.size()) parser.finish(ec);
  if (ec || read != text.size())
    throw BadValue("JSON: " + (ec ? ec.message() : "text follows the value") + " at byte " +
                   std::to_string(read));
  return convert(parser.release());
}

}  // namespace tooz
