#include "tooz/recipes/names.h"

#include "tooz/error.h"

namespace tooz {
namespace {

constexpr std::size_t kLongest = 512;

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80   ? 1
                               : byte < 0xc2 ? 0
                               : byte < 0xe0 ? 2
                               : byte < 0xf0 ? 3
                               : byte < 0xf5 ? 4
                                             : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    i += length;
  }
  return true;
}

std::string joined(std::string_view a, std::string_view b, std::string_view c = "") {
  return std::string(a).append(b).append(c);
}

}  // namespace

void check_name(std::string_view what, std::string_view name) {
  const auto bad = [&](std::string_view why) {
    throw Error(Errc::kBadName, joined(what, " ", why));
  };
  if (name.empty()) bad("is empty");
  if (name.size() > kLongest) bad("is longer than 512 bytes");
  if (!is_utf8(name)) bad("is not UTF-8");
  if (name.find('\0') != std::string_view::npos) bad("contains NUL");
  if (name.find('/') != std::string_view::npos)
    throw Error(Errc::kBadName, joined(what, " `", name) + "` contains /");
}

std::string group_key(std::string_view group) { return joined(kGroupsPrefix, group, "/"); }

std::string member_key(std::string_view group, std::string_view member) {
  return group_key(group).append(member);
}

LockKeys lock_keys(std::string_view lock) {
  return {joined("/tooz/locks", lock), joined("tooz-cc/lock/", lock, "/")};
}

LockKeys election_keys(std::string_view group) {
  const std::string base = joined("tooz-cc/election/", group);
  return {base + "/leader", base + "/queue/"};
}

std::string semaphore_prefix(std::string_view semaphore) {
  return joined("tooz-cc/semaphore/", semaphore, "/");
}

std::string identity_key(std::string_view member) { return joined("tooz-cc/member/", member); }

}  // namespace tooz
