#include "base/log_line.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <typeinfo>

namespace base {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

void append_hex(std::string& out, const char* prefix, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  out += prefix;
  out += digits[byte >> 4U];
  out += digits[byte & 0xfU];
}

void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (is_control(c))
      append_hex(out, "\\x", c);
    else
      out += c;
  }
}

void append_value(std::string& out, const LogField& field) {
  if (!field.value.empty() && field.value.find_first_of(" \"=") == std::string::npos) {
    append_text(out, field.value);
    return;
  }
  out += '"';
  for (const char c : field.value) {
    if (c == '"' || c == '\\') out += '\\';
    append_text(out, {&c, 1});
  }
  out += '"';
}

/// Length of the UTF-8 sequence at the start of `text`; 0: not one (overlong forms, surrogates and
/// what lies beyond U+10FFFF included).
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  unsigned least = 0x80;  // of the second byte
  unsigned most = 0xbf;
  if (first >= 0xc2 && first <= 0xdf) length = 2;
  if (first >= 0xe0 && first <= 0xef) length = 3;
  if (first >= 0xf0 && first <= 0xf4) length = 4;
  if (first == 0xe0) least = 0xa0;
  if (first == 0xed) most = 0x9f;
  if (first == 0xf0) least = 0x90;
  if (first == 0xf4) most = 0x8f;
  if (length == 0 || at(1) < least || at(1) > most) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (at(i) < 0x80 || at(i) > 0xbf) return 0;
  }
  return length;
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const char c = text.front();
    if (length == 0)
      out += "\\ufffd";
    else if (c == '\n')
      out += "\\n";
    else if (is_control(c))
      append_hex(out, "\\u00", c);
    else {
      if (c == '"' || c == '\\') out += '\\';
      out += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

/// As the source names the class.
std::string class_name(const std::exception& error) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status), std::free);
  return name ? name.get() : typeid(error).name();
}

/// A chain of exceptions that ends somewhere, however it was made.
constexpr int kMostNested = 16;

void append_exception(std::string& out, const std::exception& error, int depth) {
  out += class_name(error) + ": " + error.what();
  if (depth == kMostNested) return;
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    out += '\n';
    append_exception(out, inner, depth + 1);
  } catch (...) {
    out += "\nan exception of another kind";
  }
}

}  // namespace

LogField exception_field(const std::exception& error) {
  std::string text;
  append_exception(text, error, 0);
  return {kExceptionField, text};
}

const char* level_name(LogLevel level) noexcept {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarning:
      return "WARNING";
    case LogLevel::kError:
      return "ERROR";
    case LogLevel::kCritical:
      break;
  }
  return "CRITICAL";
}

std::string message_text(std::string_view text, std::span<const LogField> fields) {
  std::string out;
  append_text(out, text);
  for (const LogField& field : fields) {
    out += ' ';
    out += field.name;
    out += '=';
    append_value(out, field);
  }
  return out;
}

std::string json_line(LogLevel level, std::string_view component, std::string_view text,
                      std::span<const LogField> fields) {
  std::string out = R"("level":")";
  out += level_name(level);
  out += R"(","component":)";
  append_json(out, component);
  out += R"(,"message":)";
  append_json(out, text);
  const char* separator = R"(,"fields":{)";
  for (const LogField& field : fields) {
    out += separator;
    separator = ",";
    append_json(out, field.name);
    out += ':';
    // JSON has no nan and no inf; no other number or boolean has an n in it.
    if (field.quoted || field.value.find('n') != std::string::npos)
      append_json(out, field.value);
    else
      out += field.value;
  }
  if (fields.size() > 0) out += '}';
  return out;
}

}  // namespace base
