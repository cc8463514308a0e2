#include "base/log_line.h"

#include <cxxabi.h>

#include <algorithm>
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
  const std::size_t clean =
      static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_control) - text.begin());
  out += text.substr(0, clean);
  text.remove_prefix(clean);
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
  const auto wants_quotes = [](char c) { return c == ' ' || c == '"' || c == '='; };
  if (!field.value.empty() && std::ranges::none_of(field.value, wants_quotes)) {
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

constexpr std::string_view kNodeField = "node", kStateField = "state";

std::string_view field_value(const LogRecord& record, std::string_view name) {
  for (const LogField& field : record.fields)
    if (field.name == name) return field.value;
  return {};
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

int level_number(LogLevel level) noexcept {
  constexpr int kStep = 10;
  return kStep * (static_cast<int>(level) + 1);
}

std::string path_of(const LogRecord& record) {
  const std::string_view path = record.source.file;
  const std::size_t root = path.rfind("/src/");
  if (root != std::string_view::npos) return std::string(path.substr(root + 1));
  return std::string(path.starts_with("./") ? path.substr(2) : path);
}

LogSubject subject_of(const LogRecord& record) {
  LogSubject subject = record.subject ? *record.subject : LogSubject();
  const std::string_view uuid = field_value(record, kNodeField);
  if (!uuid.empty() && uuid != subject.uuid) {
    const bool unknown = subject.uuid.empty();  // its MAC may be, by the report that is looked up
    subject = {.uuid = std::string(uuid),
               .mac = unknown ? subject.mac : "",
               .bmc = unknown ? subject.bmc : ""};
  }
  const std::string_view state = field_value(record, kStateField);
  if (!uuid.empty() && !state.empty()) subject.state = state;
  return subject;
}

std::string message_text(const LogRecord& record) {
  const LogSubject subject = subject_of(record);
  std::string out;
  const auto add = [&out](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    out += out.empty() ? "[node: " : " ";
    out += name;
    append_text(out, value);
  };
  add("", subject.uuid);
  add("state ", subject.state);
  add("MAC ", subject.mac);
  add("BMC ", subject.bmc);
  if (!out.empty())
    out += "] ";
  else if (record.subject)
    out += "[unidentified node] ";
  append_text(out, record.text);
  const bool of_node = !field_value(record, kNodeField).empty();
  for (const LogField& field : record.fields) {
    const bool said = field.name == kNodeField || (of_node && field.name == kStateField);
    if (said || field.name == kExceptionField) continue;
    out += ' ';
    out += field.name;
    out += '=';
    append_value(out, field);
  }
  return out;
}

std::string_view exception_lines(const LogRecord& record) {
  return field_value(record, kExceptionField);
}

std::string error_summary(const LogRecord& record) {
  if (record.level < LogLevel::kWarning) return {};
  const std::string_view lines = exception_lines(record);
  return std::string(lines.substr(0, lines.find('\n')));
}

std::string escaped(std::string_view text) {
  std::string out;
  append_text(out, text);
  return out;
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

}  // namespace base
