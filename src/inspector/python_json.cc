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

/// Of the eight characters at `text`; false may also mean that it has to be looked at one by one.
bool eight_plain(const char* text) {
  constexpr std::uint64_t kEach = 0x0101010101010101, kHigh = 0x80 * kEach;
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  const auto below = [](std::uint64_t bytes, std::uint64_t than) {  // for bytes below 0x80
    return bytes - than * kEach;
  };
  const std::uint64_t odd = word | below(word, ' ') | below(word ^ '"' * kEach, 1) |
                            below(word ^ '\\' * kEach, 1) | below(word ^ 0x7F * kEach, 1);
  return (odd & kHigh) == 0;
}

/// Text of unknown length: a string that grows moves about as much as is written into it.
class Output {
 public:
  void put(char c) {
    if (at_ == end_) more();
    *at_++ = c;
  }

  void put(std::string_view text) {
    if (text.size() > room()) return put_in_parts(text);
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

  /// What of the beginning of `text` stands for itself; returns its length.
  std::size_t put_plain(std::string_view text) {
    std::size_t done = put_some_plain(text);
    while (done < text.size() && room() == 0) {
      more();
      done += put_some_plain(text.substr(done));
    }
    return done;
  }

  std::string whole() const {
    std::string whole;
    whole.reserve(pieces_.size() * kPiece + kFirst);
    const char* begin = first_.data();
    for (const auto& piece : pieces_) {
      whole.append(begin, begin == first_.data() ? kFirst : kPiece);
      begin = piece.get();
    }
    return whole.append(begin, static_cast<std::size_t>(at_ - begin));
  }

 private:
  static constexpr std::size_t kFirst = 1024, kPiece = 64UL * 1024;

  void put_in_parts(std::string_view text) {
    for (const char c : text)
      put(c);
  }

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

  std::size_t room() const { return static_cast<std::size_t>(end_ - at_); }

  void more() {
    pieces_.push_back(std::make_unique_for_overwrite<char[]>(kPiece));
    at_ = pieces_.back().get();
    end_ = at_ + kPiece;
  }

  std::array<char, kFirst> first_{};
  std::vector<std::unique_ptr<char[]>> pieces_;  ///< after the first; the last is not full
  char* at_ = first_.data();
  char* end_ = first_.data() + kFirst;
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

  std::string take() const { return out_.whole(); }

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
std::string written(const Json& json) {
  Writer<Style> writer;
  writer.write(json);
  return writer.take();
}

}  // namespace

std::string python_json(const json::value& value) { return written<Python>(value); }

std::string python_json(const json::object& object) { return written<Python>(object); }

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
