#include "tooz/drivers/zookeeper/paths.h"

#include <array>
#include <cstdio>

namespace tooz::zookeeper {
namespace {

constexpr std::size_t kDepth = 6;         // folders further in share the counter of their outer one
constexpr std::uint32_t kCounters = 256;  // of each depth
constexpr std::string_view kHex = "0123456789abcdef";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

std::uint32_t fnv1a(std::string_view bytes) {
  std::uint32_t hash = 2166136261U;
  for (const char c : bytes)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash;
}

// `folder` is empty or ends with a slash.
std::string counter_name(std::size_t depth, std::string_view folder) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "/counters/%zu-%02x", depth, fnv1a(folder) % kCounters);
  return text.data();
}

// Ends of the folders of `key`, outermost first: for `a/b/c` those of `a/` and `a/b/`.
std::vector<std::size_t> folder_ends(std::string_view key) {
  std::vector<std::size_t> ends;
  for (auto at = key.find('/'); at != std::string_view::npos; at = key.find('/', at + 1))
    ends.push_back(at + 1);
  return ends;
}

int digit(char c) {
  const auto at = kHex.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::vector<std::string> Paths::foundations() const {
  std::vector<std::string> paths;
  for (auto at = root_.find('/', 1); at != std::string::npos; at = root_.find('/', at + 1))
    paths.push_back(root_.substr(0, at));
  paths.push_back(root_);
  for (const auto* name : {"/keys", "/ids", "/counters", "/sessions"})
    paths.push_back(root_ + name);
  return paths;
}

std::string Paths::session(std::int64_t id) const {
  std::array<char, 17> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(id));
  return root_ + "/sessions/" + text.data();
}

std::string Paths::identity(std::string_view id) const { return root_ + "/ids/" + std::string(id); }

std::string Paths::key(std::string_view key) const {
  return folder(key) + "/k" + escaped(leaf_of(key));
}

std::string Paths::folder(std::string_view key) const {
  std::string path = root_ + "/keys";
  std::size_t begin = 0;
  for (const std::size_t end : folder_ends(key)) {
    path += "/d" + escaped(key.substr(begin, end - 1 - begin));
    begin = end;
  }
  return path;
}

std::vector<std::string> Paths::folders(std::string_view key) const {
  std::vector<std::string> paths;
  for (const std::size_t end : folder_ends(key))
    paths.push_back(folder(key.substr(0, end)));
  return paths;
}

std::vector<std::string> Paths::counters(std::string_view key) const {
  std::vector<std::string> paths{root_ + counter_name(0, "")};
  for (const std::size_t end : folder_ends(key)) {
    if (paths.size() > kDepth) break;
    paths.push_back(root_ + counter_name(paths.size(), key.substr(0, end)));
  }
  return paths;
}

std::string Paths::counter(std::string_view prefix) const { return counters(prefix).back(); }

std::string_view folder_of(std::string_view key) {
  return key.substr(0, key.size() - leaf_of(key).size());
}

std::string_view leaf_of(std::string_view key) {
  const auto slash = key.rfind('/');
  return slash == std::string_view::npos ? key : key.substr(slash + 1);
}

std::string escaped(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    if (is_plain(c)) {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return text;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!is_plain(text[i])) return std::nullopt;
      bytes += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    bytes += static_cast<char>(high * 16 + low);
    i += 2;
  }
  // One name for each: what escaped() would not write is somebody else's.
  return escaped(bytes) == text ? std::optional(bytes) : std::nullopt;
}

}  // namespace tooz::zookeeper
