#include "tooz/drivers/zookeeper/sights.h"

#include <algorithm>
#include <iterator>

namespace tooz::zookeeper {

Difference::Difference(const Sight& before, const Sight& now) : before_(before), now_(now) {
  std::ranges::set_difference(before.keys, now.keys, std::back_inserter(gone_));
  std::vector<std::string> come;
  std::ranges::set_difference(now.keys, before.keys, std::back_inserter(come));
  unseen_ = static_cast<std::uint32_t>(now.folder.comings_and_goings) -
            static_cast<std::uint32_t>(before.folder.comings_and_goings) -
            static_cast<std::uint32_t>(gone_.size() + come.size());
  const bool written = now.folder.version != before.folder.version;
  to_read_ = std::move(come);
  if (unseen_ != 0 || written) to_read_ = now.keys;
}

std::optional<Changes> Difference::told(std::vector<Entry> entries) const {
  const Revision since = before_.at();
  Changes changes{{}, now_.at()};
  const auto removed = [&](const std::string& key, Revision when) {
    changes.list.push_back({.entry = {.key = key, .revision = when}, .removed = true});
  };
  for (const std::string& key : gone_)
    removed(key, now_.at());
  std::uint32_t explained = 0;
  std::ranges::sort(entries, {}, &Entry::revision);
  for (Entry& entry : entries) {
    if (entry.revision <= since) continue;
    if (entry.created > since && std::ranges::binary_search(before_.keys, entry.key)) {
      removed(entry.key, entry.created);
      explained += 2;
    }
    changes.list.push_back({.entry = std::move(entry)});
  }
  return explained == unseen_ ? std::optional(std::move(changes)) : std::nullopt;
}

void Sights::keep(std::string_view prefix, std::shared_ptr<const Sight> sight) {
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [&](const Kept& one) {
    return one.prefix == prefix && one.sight->at() == sight->at();
  });
  kept_.push_front({std::string(prefix), std::move(sight)});
  if (kept_.size() > kKept) kept_.pop_back();
}

std::shared_ptr<const Sight> Sights::find(std::string_view prefix, Revision at) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(
      kept_, [&](const Kept& one) { return one.prefix == prefix && one.sight->at() == at; });
  if (found == kept_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found);
  return kept_.front().sight;
}

}  // namespace tooz::zookeeper
