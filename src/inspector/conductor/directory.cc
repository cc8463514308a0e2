#include "inspector/conductor/directory.h"

#include "base/log.h"
#include "tooz/error.h"
#include "tooz/value.h"

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.directory";

}  // namespace

void GroupDirectory::open() {
  coordinator_.create_group(group_);
  coordinator_.view(group_);
  open_ = true;
}

std::vector<ConductorEndpoint> GroupDirectory::endpoints() {
  if (!open_) return {};
  tooz::View view;
  try {
    view = coordinator_.view(group_);
  } catch (const tooz::Error& error) {
    base::log_warning(kComponent, std::string("no view of the conductors: ") + error.what());
    return {};
  }
  std::vector<ConductorEndpoint> found;
  for (const tooz::Member& member : view.members) {
    if (!member.id.starts_with(kConductorPrefix)) {
      warn_once(member.id, "Found invalid member " + member.id);
      continue;
    }
    const tooz::Value* url = member.capabilities ? member.capabilities->find("endpoint") : nullptr;
    if (url != nullptr && url->text() != nullptr)
      found.push_back({member.id, *url->text()});
    else
      warn_once(member.id, "A member of the group tells no JSON-RPC endpoint, it is not called");
  }
  return found;
}

void GroupDirectory::warn_once(const std::string& member, const std::string& why) {
  {
    const std::lock_guard guard(mutex_);
    if (!warned_.insert(member).second) return;
  }
  base::log_warning(kComponent, why, {{"member", member}});
}

}  // namespace inspector
