#include "inspector/python_json.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

namespace inspector {
namespace {

namespace json = boost::json;

/// Characters that stand for themselves.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = ' '; c <= '~'; ++c)
    plain[c] = c != '"' && c != '\\';
  return plain;
}();

constexpr std::uint64_t kEach = 0x0101010101010101, kHigh = 0x80 * kEach;

template <typename Word>
Word load(const char* from) {
  Word word = 0;
  std::memcpy(&word, from, sizeof word);
  return word;
}

/// Of eight characters at once: kHigh's bits are set when not all of them stand for themselves.
/// They may also be when all do; then it has to be looked at one by one.
std::uint64_t odd_among(std::uint64_t word) {
  const auto below = [](std::uint64_t bytes, std::uint64_t than) {  // for bytes below 0x80
    return bytes - than * kEach;
  };
  return word | below(word, ' ') | below(word ^ '"' * kEach, 1) | below(word ^ '\\' * kEach, 1) |
         below(word ^ 0x7F * kEach, 1);
}

bool eight_plain(const char* text) { return (odd_among(load<std::uint64_t>(text)) & kHigh) == 0; }

/// Copies a text of at least eight characters. False: they may not all stand for themselves.
bool copy_plain(char* to, const char* from, std::size_t size) {
  std::uint64_t odd = 0;
  const auto copy_eight = [&](std::size_t at) {
    const auto word = load<std::uint64_t>(from + at);
    std::memcpy(to + at, &word, sizeof word);
    odd |= odd_among(word);
  };
  for (std::size_t at = 0; at + 8 < size; at += 8)
    copy_eight(at);
  copy_eight(size - 8);  // overlaps what is copied already
  return (odd & kHigh) == 0;
}

/// The same of four to seven characters.
bool copy_few_plain(char* to, const char* from, std::size_t size) {
  const auto first = load<std::uint32_t>(from), last = load<std::uint32_t>(from + size - 4);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + size - 4, &last, sizeof last);
  return (odd_among(std::uint64_t(last) << 32U | first) & kHigh) == 0;
}

/// Text of unknown length: collected where the processor's cache holds it, and appended to the
/// whole by the piece.
class Output {
 public:
  explicit Output(std::size_t expected) { whole_.reserve(expected > kPiece ? expected : 0); }

  void put(char c) {
    if (at_ == end()) flush();
    *at_++ = c;
  }

  void put(std::string_view text) {  // short
    if (text.size() > room()) flush();
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

  /// The usual text, short and without special characters, with its quotes. False: it is another.
  bool put_quoted(std::string_view text) {
    constexpr std::size_t kMost = 256;
    const std::size_t size = text.size();
    if (size < 4 || size > kMost) return false;
    if (size + 2 > room()) flush();
    char* const to = at_ + 1;
    if (!(size < 8 ? copy_few_plain(to, text.data(), size) : copy_plain(to, text.data(), size)))
      return false;
    to[-1] = to[size] = '"';
    at_ = to + size + 1;
    return true;
  }

  /// What of the beginning of `text` stands for itself; returns its length.
  std::size_t put_plain(std::string_view text) {
    std::size_t done = put_some_plain(text);
    while (done < text.size() && room() == 0) {
      flush();
      done += put_some_plain(text.substr(done));
    }
    return done;
  }

  std::string take() {
    flush();
    return std::move(whole_);
  }

 private:
  static constexpr std::size_t kPiece = 16UL * 1024;

  /// As much of it as there is room for.
  std::size_t put_some_plain(std::string_view text) {
    char* to = at_;  // a copy: a char written through it could be a member, as the compiler sees it
    const char* from = text.data();
    const char* const last = from + std::min(text.size(), room());
    for (;;) {
      for (; last - from >= 8 && eight_plain(from); from += 8, to += 8)
        std::memcpy(to, from, 8);
      if (from == last || !kPlain[static_cast<unsigned char>(*from)]) break;
      *to++ = *from++;
    }
    at_ = to;
    return static_cast<std::size_t>(from - text.data());
  }

  const char* end() const { return piece_ + kPiece; }
  std::size_t room() const { return static_cast<std::size_t>(end() - at_); }

  void flush() {
    whole_.append(piece_, static_cast<std::size_t>(at_ - piece_));
    at_ = piece_;
  }

  std::string whole_;
  char piece_[kPiece];  // NOLINT(modernize-avoid-c-arrays): what std::array does, without zeros
  char* at_ = piece_;
};

struct Python {
  static constexpr std::string_view kComma = ", ", kColon = ": ";
  static constexpr bool kSorted = false;
};

struct Flask {
  static constexpr std::string_view kComma = ",", kColon = ":";
  static constexpr bool kSorted = true;
};

template <typename Style>
class Writer {
 public:
  explicit Writer(std::size_t expected) : out_(expected) {}

  void write(const json::object& object) { write_object(object); }

  void write(const json::value& value) {
    switch (value.kind()) {
      case json::kind::null:
        out_.put("null");
        break;
      case json::kind::bool_:
        out_.put(value.get_bool() ? "true" : "false");
        break;
      case json::kind::int64:
        write_integer(value.get_int64());
        break;
      case json::kind::uint64:
        write_integer(value.get_uint64());
        break;
      case json::kind::double_:
        write_float(value.get_double());
        break;
      case json::kind::string:
        write_text(value.get_string());
        break;
      case json::kind::array:
        write_array(value.get_array());
        break;
      case json::kind::object:
        write_object(value.get_object());
        break;
    }
  }

  std::string take() { return out_.take(); }

 private:
  template <typename Integer>
  void write_integer(Integer number) {
    char buffer[24];
    const char* const end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    out_.put({buffer, static_cast<std::size_t>(end - buffer)});
  }

  void write_float(double number) {
    std::string text;
    if (std::isfinite(number))
      append_python_float(text, number);
    else
      text = number < 0 ? "-1e999" : "1e999";  // reads back as infinite; JSON has no word for it
    out_.put(text);
  }

  void write_text(std::string_view text) {
    if (out_.put_quoted(text)) return;
    out_.put('"');
    for (std::size_t i = out_.put_plain(text); i < text.size(); i += out_.put_plain(text.substr(i)))
      i = write_special(text, i);
    out_.put('"');
  }

  /// The character at `i`, escaped; returns where the next one begins.
  std::size_t write_special(std::string_view text, std::size_t i) {
    constexpr std::string_view kShort = "\"\\\b\f\n\r\t", kLetters = "\"\\bfnrt";
    const auto lead = static_cast<unsigned char>(text[i++]);
    if (const std::size_t at = kShort.find(static_cast<char>(lead)); at != kShort.npos) {
      out_.put('\\');
      out_.put(kLetters[at]);
      return i;
    }
    std::uint32_t code = lead;
    if (lead >= 0x80) code &= lead >= 0xF0 ? 0x07U : lead >= 0xE0 ? 0x0FU : 0x1FU;
    if (lead >= 0x80)
      for (; i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U; ++i)
        code = code << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    if (code > 0xFFFF) write_unit(0xD7C0U + (code >> 10U));
    write_unit(code > 0xFFFF ? 0xDC00U + (code & 0x3FFU) : code);
    return i;
  }

  void write_unit(std::uint32_t unit) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out_.put("\\u");
    for (int shift = 12; shift >= 0; shift -= 4)
      out_.put(kHex[unit >> static_cast<unsigned>(shift) & 15U]);
  }

  void write_array(const json::array& array) {
    out_.put('[');
    bool first = true;
    for (const json::value& item : array) {
      if (!first) out_.put(Style::kComma);
      first = false;
      write(item);
    }
    out_.put(']');
  }

  void write_object(const json::object& object) {
    const auto later = [](const auto& a, const auto& b) { return b.key() < a.key(); };
    const bool as_it_is =
        !Style::kSorted || std::adjacent_find(object.begin(), object.end(), later) == object.end();
    if (as_it_is) return write_members(object);
    std::map<std::string_view, json::value const*> members;
    for (const auto& member : object)
      members.emplace(member.key(), &member.value());
    out_.put('{');
    bool first = true;
    for (const auto& [name, value] : members)
      write_member(name, *value, first);
    out_.put('}');
  }

  void write_members(const json::object& object) {
    out_.put('{');
    bool first = true;
    for (const auto& member : object)
      write_member(member.key(), member.value(), first);
    out_.put('}');
  }

  void write_member(std::string_view name, const json::value& value, bool& first) {
    if (!first) out_.put(Style::kComma);
    first = false;
    write_text(name);
    out_.put(Style::kColon);
    write(value);
  }

  Output out_;
};

template <typename Style, typename Json>
std::string written(const Json& json, std::size_t expected = 0) {
  Writer<Style> writer(expected);
  writer.write(json);
  return writer.take();
}

}  // namespace

std::string python_json(const json::value& value) { return written<Python>(value); }

std::string python_json(const json::object& object, std::size_t expected) {
  return written<Python>(object, expected);
}

std::string sorted_json(const json::value& value) { return written<Flask>(value); }

void append_python_float(std::string& out, double number) {
  const double size = std::fabs(number);
  const bool fixed = number == 0 || (size >= 1e-4 && size < 1e16);
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number,
                                 fixed ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  out += text;
  if (fixed && text.find('.') == std::string_view::npos) out += ".0";
}

}  // namespace inspector
