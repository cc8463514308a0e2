#include "base/ini.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace base {
namespace {

constexpr int kMaxReferences = 16;  // `$a` that names `$b` that names … : a cycle ends here

std::string_view trim(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!s.empty() && blank(s.front()))
    s.remove_prefix(1);
  while (!s.empty() && blank(s.back()))
    s.remove_suffix(1);
  return s;
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::vector<std::string_view> split(std::string_view s, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto at = s.find(separator);
    parts.push_back(trim(s.substr(0, at)));
    if (at == std::string_view::npos) return parts;
    s.remove_prefix(at + 1);
  }
}

bool name_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Told by the option's name, or by a user and a password in a URL.
bool is_secret(std::string_view option, std::string_view value) {
  constexpr std::array<std::string_view, 4> kWords = {"password", "secret", "token", "connection"};
  const bool named = std::ranges::any_of(
      kWords, [&](std::string_view word) { return option.find(word) != std::string_view::npos; });
  const std::size_t scheme = value.find("://");
  return named || (scheme != std::string_view::npos && value.find('@', scheme) != value.npos);
}

// oslo.config strips one pair of matching quotes around a whole value.
std::string_view unquote(std::string_view s) {
  if (s.size() >= 2 && (s.front() == '"' || s.front() == '\'') && s.back() == s.front())
    return s.substr(1, s.size() - 2);
  return s;
}

// `name`, `section.name` or nothing, and how much of the text it took: after a `$`.
struct Reference {
  std::string_view section, option;
  std::size_t length = 0;
};

Reference parse_reference(std::string_view s) {
  const bool braced = s.starts_with('{');
  std::string_view body = braced ? s.substr(1) : s;
  std::size_t n = 0;
  while (n < body.size() && (name_char(body[n]) || body[n] == '.'))
    ++n;
  if (!braced)
    while (n > 0 && body[n - 1] == '.')
      --n;  // a full stop behind a name ends a sentence
  if (n == 0 || (braced && (n == body.size() || body[n] != '}'))) return {};
  const std::string_view whole = body.substr(0, n);
  const auto dot = whole.find('.');
  Reference r;
  r.length = braced ? n + 2 : n;
  r.section = dot == std::string_view::npos ? std::string_view{} : whole.substr(0, dot);
  r.option = dot == std::string_view::npos ? whole : whole.substr(dot + 1);
  return r;
}

class LineReader {
 public:
  LineReader(std::string file) : file_(std::move(file)) {}

  [[noreturn]] void fail(int line, const std::string& why) const {
    throw ConfigError(file_ + ":" + std::to_string(line) + ": " + why);
  }

  std::string section = "DEFAULT";

  void start_section(std::string_view line, int number) {
    const auto end = line.find(']');
    if (end == std::string_view::npos || trim(line.substr(1, end - 1)).empty())
      fail(number, "a section must be written [name]");
    section = trim(line.substr(1, end - 1));
  }

  std::pair<std::string, std::string> assignment(std::string_view line, int number) const {
    const auto at = line.find_first_of("=:");
    if (at == std::string_view::npos || trim(line.substr(0, at)).empty())
      fail(number, "neither a [section] nor `name = value`");
    return {std::string(trim(line.substr(0, at))), std::string(unquote(trim(line.substr(at + 1))))};
  }

 private:
  std::string file_;
};

}  // namespace

void Ini::read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open() || std::filesystem::is_directory(file))
    throw ConfigError("cannot read configuration file " + file.string());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  read_text(text, file.string());
}

void Ini::read_directory(const std::filesystem::path& directory) {
  std::error_code ec;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ec))
    if (entry.path().extension() == ".conf") files.push_back(entry.path());
  if (ec)
    throw ConfigError("cannot read configuration directory " + directory.string() + ": " +
                      ec.message());
  std::ranges::sort(files);
  for (const auto& file : files)
    read_file(file);
}

void Ini::read_text(std::string_view text, const std::string& name) {
  if (text.find('\0') != std::string_view::npos)
    throw ConfigError(name + ": contains a NUL byte; this is no configuration file");
  LineReader reader(name);
  std::map<Key, std::vector<Setting>> seen;  // this file's; replaces what earlier files said
  Setting* open = nullptr;                   // a value that an indented line goes on with
  int number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    const std::string_view line = trim(raw);
    if (line.empty()) {
      open = nullptr;
    } else if (line.front() == '#' || line.front() == ';') {
      continue;
    } else if (raw.front() == ' ' || raw.front() == '\t') {
      if (open == nullptr) reader.fail(number, "an indented line continues nothing");
      open->value += '\n';
      open->value += line;
    } else if (line.front() == '[') {
      reader.start_section(line, number);
      open = nullptr;
    } else {
      auto [option, value] = reader.assignment(line, number);
      auto& values = seen[{reader.section, option}];
      values.push_back({std::move(value), name, number});
      open = &values.back();
    }
  }
  for (auto& [key, values] : seen)
    settings_[key] = std::move(values);
}

void Ini::declare_default(std::string_view section, std::string_view option,
                          std::string_view value) {
  defaults_[{std::string(section), std::string(option)}] = value;
}

const Ini::Setting* Ini::find(std::string_view section, std::string_view option) const {
  const auto it = settings_.find({std::string(section), std::string(option)});
  return it == settings_.end() ? nullptr : &it->second.back();
}

/// `file:line: [section]option`, as far as it is set.
std::string Ini::place(const Key& key) const {
  const std::string name = "[" + key.first + "]" + key.second;
  const auto* setting = find(key.first, key.second);
  return setting == nullptr ? name
                            : setting->file + ":" + std::to_string(setting->line) + ": " + name;
}

std::optional<std::string> Ini::referred_to(const Key& name, int depth) const {
  const auto* setting = find(name.first, name.second);
  const auto fallback = defaults_.find(name);
  if (setting == nullptr && fallback == defaults_.end()) return std::nullopt;
  asked_.insert(name);
  return interpolate(setting != nullptr ? setting->value : fallback->second, name, depth + 1);
}

std::string Ini::interpolate(std::string_view raw, const Key& of, int depth) const {
  if (depth > kMaxReferences) throw ConfigError(place(of) + ": a value refers to itself");
  std::string out;
  while (!raw.empty()) {
    const auto dollar = raw.find('$');
    out += raw.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    raw.remove_prefix(dollar + 1);
    if (raw.starts_with('$')) {
      out += '$';
      raw.remove_prefix(1);
      continue;
    }
    const Reference r = parse_reference(raw);
    if (r.length == 0) {
      out += '$';
      continue;
    }
    // A bare name is looked up in the value's own section, then in DEFAULT, as oslo.config does.
    const std::string option(r.option);
    auto value =
        referred_to({r.section.empty() ? of.first : std::string(r.section), option}, depth);
    if (!value && r.section.empty()) value = referred_to({"DEFAULT", option}, depth);
    if (!value)
      throw ConfigError(place(of) +
                        ": a $ in it is followed by the name of an option that is not set; a "
                        "dollar is written $$");
    out += *value;
    raw.remove_prefix(r.length);
  }
  return out;
}

std::optional<std::string> Ini::text(std::string_view section, std::string_view option) const {
  const Key key{std::string(section), std::string(option)};
  asked_.insert(key);
  const auto* setting = find(section, option);
  if (setting != nullptr) return interpolate(setting->value, key);
  return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Ini::section(std::string_view name) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, values] : settings_) {
    if (key.first != name) continue;
    asked_.insert(key);
    out.emplace_back(key.second, interpolate(values.back().value, key));
  }
  return out;
}

std::vector<std::string> Ini::shown() const {
  std::vector<std::string> lines;
  for (const auto& [key, values] : settings_) {
    const std::string& value = values.back().value;
    lines.push_back("[" + key.first + "]" + key.second + " = " +
                    (is_secret(key.second, value) ? "****" : value));
  }
  return lines;
}

std::vector<std::string> Ini::multi(std::string_view section, std::string_view option) const {
  const Key key{std::string(section), std::string(option)};
  asked_.insert(key);
  std::vector<std::string> out;
  if (const auto it = settings_.find(key); it != settings_.end())
    for (const auto& setting : it->second)
      out.push_back(interpolate(setting.value, key));
  return out;
}

std::string Ini::text(std::string_view section, std::string_view option,
                      std::string_view fallback) const {
  const auto value = text(section, option);
  return value ? *value : interpolate(fallback, {std::string(section), std::string(option)});
}

ConfigError Ini::error(std::string_view section, std::string_view option,
                       std::string_view why) const {
  std::string text = place({std::string(section), std::string(option)});
  if (const auto* setting = find(section, option)) text += " = " + setting->value;
  return ConfigError(text + ": " + std::string(why));
}

std::vector<std::string> Ini::unknown() const {
  std::vector<std::string> out;
  for (const auto& [key, values] : settings_)
    if (!asked_.contains(key))
      out.push_back("[" + key.first + "]" + key.second + " (" + values.back().file + ":" +
                    std::to_string(values.back().line) + ")");
  return out;
}

bool Ini::boolean(std::string_view section, std::string_view option, bool fallback) const {
  const auto value = text(section, option);
  if (!value) return fallback;
  const std::string word = lower(*value);
  static constexpr std::array<std::string_view, 6> kTrue{"1", "t", "true", "on", "y", "yes"};
  static constexpr std::array<std::string_view, 6> kFalse{"0", "f", "false", "off", "n", "no"};
  if (std::ranges::find(kTrue, word) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, word) != kFalse.end()) return false;
  throw error(section, option,
              "not a boolean; accepted are 1, t, true, on, y, yes and 0, f, false, off, n, no");
}

std::int64_t Ini::integer(std::string_view section, std::string_view option, std::int64_t fallback,
                          std::int64_t least, std::int64_t most) const {
  const auto value = text(section, option);
  if (!value) return fallback;
  std::int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [stopped, ec] = std::from_chars(value->data(), end, number);
  if (value->empty() || ec != std::errc{} || stopped != end || number < least || number > most)
    throw error(section, option,
                "not an integer from " + std::to_string(least) + " to " + std::to_string(most));
  return number;
}

std::uint32_t Ini::octal(std::string_view section, std::string_view option,
                         std::uint32_t fallback) const {
  const auto value = text(section, option);
  if (!value) return fallback;
  std::string_view digits = *value;
  if (digits.starts_with("0o")) digits.remove_prefix(2);
  std::uint32_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, ec] = std::from_chars(digits.data(), end, number, 8);
  if (digits.empty() || ec != std::errc{} || stopped != end || number > 07777)
    throw error(section, option, "not an octal number from 0 to 7777");
  return number;
}

double Ini::real(std::string_view section, std::string_view option, double fallback) const {
  const auto value = text(section, option);
  if (!value) return fallback;
  double number = 0;
  const char* end = value->data() + value->size();
  const auto [stopped, ec] = std::from_chars(value->data(), end, number);
  if (value->empty() || ec != std::errc{} || stopped != end)
    throw error(section, option, "not a number");
  return number;
}

std::vector<std::string> Ini::list(std::string_view section, std::string_view option,
                                   std::string_view fallback) const {
  const std::string value = text(section, option, fallback);
  std::vector<std::string> out;
  for (const auto part : split(value, ','))
    if (!part.empty()) out.emplace_back(part);
  return out;
}

std::vector<std::pair<std::string, std::string>> Ini::dict(std::string_view section,
                                                           std::string_view option,
                                                           std::string_view fallback) const {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& part : list(section, option, fallback)) {
    const auto colon = part.find(':');
    if (colon == std::string::npos || trim(std::string_view(part).substr(0, colon)).empty())
      throw error(section, option, "`" + part + "` is not key:value");
    out.emplace_back(trim(std::string_view(part).substr(0, colon)),
                     trim(std::string_view(part).substr(colon + 1)));
  }
  return out;
}

std::string Ini::choice(std::string_view section, std::string_view option,
                        std::string_view fallback,
                        std::span<const std::string_view> accepted) const {
  std::string value = text(section, option, fallback);
  if (std::ranges::find(accepted, value) != accepted.end()) return value;
  std::string why = "accepted are";
  for (const auto word : accepted) {
    why += word == accepted.front() ? " " : ", ";
    why += word;
  }
  throw error(section, option, why);
}

}  // namespace base
