// msgpack as oslo.serialization's msgpackutils writes it (use_bin_type): text is str, bytes are
// bin, reals are float64. https://github.com/msgpack/msgpack/blob/master/spec.md
#include <bit>
#include <limits>

#include "tooz/value.h"

namespace tooz {
namespace {

constexpr int kMaxDepth = 64;

class Writer {
 public:
  void write(const Value& v) {
    if (v.is_null()) return byte(0xc0);
    if (const auto* b = v.boolean()) return byte(*b ? 0xc3 : 0xc2);
    if (const auto* i = v.integer()) return integer(*i);
    if (const auto* r = v.real())
      return byte(0xcb), big_endian(std::bit_cast<std::uint64_t>(*r), 8);
    if (const auto* t = v.text()) return text(*t);
    if (const auto* b = v.bytes()) return bytes(b->data);
    if (const auto* l = v.list()) {
      head(l->size(), 0x90, 15, 0xdc);
      for (const auto& item : *l)
        write(item);
      return;
    }
    head(v.map()->size(), 0x80, 15, 0xde);
    for (const auto& [key, item] : *v.map())
      text(key), write(item);
  }

  std::string out;

 private:
  void byte(int b) { out += static_cast<char>(b); }

  void big_endian(std::uint64_t n, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
      byte(static_cast<int>(n >> shift));
  }

  // A fix form up to `most`, then 16 and 32 bits with the codes `wide` and `wide` + 1.
  void head(std::size_t size, int fix, std::size_t most, int wide) {
    if (size <= most) return byte(fix | static_cast<int>(size));
    if (size <= 0xffff) return byte(wide), big_endian(size, 2);
    byte(wide + 1), big_endian(size, 4);
  }

  void text(const std::string& t) {
    if (t.size() > 31 && t.size() <= 0xff)
      byte(0xd9), big_endian(t.size(), 1);
    else
      head(t.size(), 0xa0, 31, 0xda);
    out += t;
  }

  void bytes(const std::string& b) {
    const int width = b.size() <= 0xff ? 1 : b.size() <= 0xffff ? 2 : 4;
    byte(width == 1 ? 0xc4 : width == 2 ? 0xc5 : 0xc6);
    big_endian(b.size(), width);
    out += b;
  }

  void integer(std::int64_t i) {
    const auto n = static_cast<std::uint64_t>(i);
    if (i >= -32 && i <= 127) return byte(static_cast<int>(i & 0xff));
    if (i >= 0) {
      if (n <= 0xff) return byte(0xcc), big_endian(n, 1);
      if (n <= 0xffff) return byte(0xcd), big_endian(n, 2);
      if (n <= 0xffffffff) return byte(0xce), big_endian(n, 4);
      return byte(0xcf), big_endian(n, 8);
    }
    if (i >= -128) return byte(0xd0), big_endian(n, 1);
    if (i >= -32768) return byte(0xd1), big_endian(n, 2);
    if (i >= std::numeric_limits<std::int32_t>::min()) return byte(0xd2), big_endian(n, 4);
    byte(0xd3), big_endian(n, 8);
  }
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  Value whole() {
    Value v = value(0);
    if (!rest_.empty()) fail("bytes follow the value");
    return v;
  }

 private:
  [[noreturn]] void fail(const char* why) const {
    throw BadValue("msgpack: " + std::string(why) + " at byte " +
                   std::to_string(size_ - rest_.size()));
  }

  std::string_view take(std::size_t n) {
    if (n > rest_.size()) fail("cut off");
    const auto taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }

  std::uint64_t number(int width) {
    std::uint64_t n = 0;
    for (const char c : take(static_cast<std::size_t>(width)))
      n = n << 8 | static_cast<unsigned char>(c);
    return n;
  }

  Value value(int depth) {
    if (depth > kMaxDepth) fail("nested too deep");
    const auto code = static_cast<unsigned>(number(1));
    if (code <= 0x7f) return static_cast<std::int64_t>(code);
    if (code >= 0xe0) return static_cast<std::int64_t>(code) - 256;
    if (code <= 0x8f) return map(code & 15, depth);
    if (code <= 0x9f) return list(code & 15, depth);
    if (code <= 0xbf) return std::string(take(code & 31));
    if (code >= 0xcc && code <= 0xd3) return integer(code);
    switch (code) {
      case 0xc0:
        return nullptr;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return Value::Bytes{std::string(take(number(1 << (code - 0xc4))))};
      case 0xca:
        return double{std::bit_cast<float>(static_cast<std::uint32_t>(number(4)))};
      case 0xcb:
        return std::bit_cast<double>(number(8));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return std::string(take(number(1 << (code - 0xd9))));
      case 0xdc:
      case 0xdd:
        return list(number(2 << (code - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return map(number(2 << (code - 0xde)), depth);
      default:
        return extension(code);
    }
  }

  Value integer(unsigned code) {
    if (code <= 0xcf) {
      const auto n = number(1 << (code - 0xcc));
      if (n > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        return static_cast<double>(n);
      return static_cast<std::int64_t>(n);
    }
    const int width = 1 << (code - 0xd0);
    const int unused = 64 - width * 8;
    return static_cast<std::int64_t>(number(width) << unused) >> unused;
  }

  // oslo's own types (uuid, datetime, …): what they hold, as bytes.
  Value extension(unsigned code) {
    std::size_t size = 0;
    if (code >= 0xd4 && code <= 0xd8)
      size = std::size_t{1} << (code - 0xd4);
    else if (code >= 0xc7 && code <= 0xc9)
      size = number(1 << (code - 0xc7));
    else
      fail("a code that msgpack does not use");
    take(1);
    return Value::Bytes{std::string(take(size))};
  }

  Value list(std::uint64_t size, int depth) {
    Value::List items;
    for (std::uint64_t i = 0; i < size; ++i)
      items.push_back(value(depth + 1));
    return items;
  }

  Value map(std::uint64_t size, int depth) {
    Value::Map members;
    for (std::uint64_t i = 0; i < size; ++i) {
      const Value key = value(depth + 1);
      std::string name;
      if (const auto* t = key.text())
        name = *t;
      else if (const auto* b = key.bytes())
        name = b->data;
      else
        name = to_json(key);
      members.insert_or_assign(std::move(name), value(depth + 1));
    }
    return members;
  }

  std::string_view rest_;
  std::size_t size_;
};

}  // namespace

std::string to_msgpack(const Value& value) {
  Writer writer;
  writer.write(value);
  return std::move(writer.out);
}

Value from_msgpack(std::string_view bytes) { return Reader(bytes).whole(); }

}  // namespace tooz
