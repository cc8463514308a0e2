#include "tooz/recipes/groups.h"

#include "tooz/error.h"
#include "tooz/recipes/names.h"

#include <algorithm>

namespace tooz {

bool create_group(Backend& backend, std::string_view group) {
  const std::string key = group_key(group);
  try {
    return backend.create(key, key, SessionId::kNone).has_value();
  } catch (const Error& error) {
    if (error.code() != Errc::kUnreachable) throw;
  }
  // Whoever made it, it was not there when we were asked to.
  return backend.get(key) || backend.create(key, key, SessionId::kNone);
}

bool remove_group(Backend& backend, std::string_view group) {
  const std::string key = group_key(group);
  bool unanswered = false;
  for (;;) {
    const Snapshot found = backend.list(key);
    if (found.entries.empty()) return unanswered;  // gone, by the request without an answer
    if (found.entries.size() > 1 || found.entries.front().key != key) return false;
    try {
      if (backend.remove(key, found.entries.front().revision, {.present = {}, .empty_prefix = key}))
        return true;
    } catch (const Error& error) {
      if (error.code() != Errc::kUnreachable || unanswered) throw;
      unanswered = true;
    }
  }
}

std::vector<std::string> list_groups(Backend& backend) {
  std::vector<std::string> groups;
  for (const Entry& entry : backend.list(kGroupsPrefix).entries) {
    std::string_view rest(entry.key);
    rest.remove_prefix(kGroupsPrefix.size());
    if (rest.size() > 1 && rest.find('/') == rest.size() - 1)
      groups.emplace_back(rest.substr(0, rest.size() - 1));
  }
  return groups;
}

}  // namespace tooz
