#include "tooz/recipes/semaphore_acquirer.h"

#include "base/log.h"

#include <algorithm>
#include <charconv>

namespace tooz {
namespace {

constexpr std::string_view kPlace = "p-";

// What a place's value says; nullopt: it is not one of ours.
std::optional<std::size_t> permits_in(const std::string& value) {
  std::size_t permits = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), permits);
  if (failure != std::errc{} || end == value.data() + value.size() || *end != ' ')
    return std::nullopt;
  return permits;
}

}  // namespace

std::string SemaphoreAcquirer::value() const {
  return std::to_string(permits_) + " " + core_->member_id;
}

std::shared_ptr<QueuePlace> SemaphoreAcquirer::new_place(const LeasePtr& lease) const {
  return make_place(lease, prefix_ + std::string(kPlace), value());
}

// In the order of their arrival. Error{kOtherPermits}: the first of them says how many there are.
std::vector<Entry> SemaphoreAcquirer::before(const Snapshot& queue, const Entry& mine) const {
  std::vector<Entry> found;
  for (const Entry& entry : queue.entries) {
    if (entry.created >= mine.created || !entry.key.starts_with(prefix_ + std::string(kPlace)))
      continue;
    if (permits_in(entry.value))
      found.push_back(entry);
    else
      base::log_warning("tooz.semaphore", "left out a place that cannot be read",
                        {{"key", entry.key}});
  }
  std::ranges::sort(found, {}, &Entry::created);
  const auto permits = found.empty() ? permits_ : permits_in(found.front().value);
  if (permits == permits_) return found;
  throw Error(Errc::kOtherPermits, "`" + name() + "` is used with " + std::to_string(*permits) +
                                       " permits, not " + std::to_string(permits_));
}

std::unique_ptr<Grant> SemaphoreAcquirer::try_once(const LeasePtr& lease) const {
  const auto place = new_place(lease);
  place->take();
  const Snapshot queue = core_->backend->list(prefix_);
  const Entry* mine = find_entry(queue, place->key());
  if (!mine || before(queue, *mine).size() >= permits_) return nullptr;
  return std::make_unique<Grant>(core_, lease, what_, place);
}

std::unique_ptr<Grant> SemaphoreAcquirer::step(Stay& stay) const {
  if (!stay.place->taken()) stay.place->take();
  const Snapshot queue = core_->backend->list(prefix_);
  const Entry* mine = find_entry(queue, stay.place->key());
  if (!mine) {
    stay.place->leave();
    return nullptr;
  }
  const auto others = before(queue, *mine);
  if (others.size() < permits_) {
    // Who waits behind us is the first of the waiting now.
    if (stay.waited && !stay.place->renew(value() + " has it")) {
      stay.place->leave();
      return nullptr;
    }
    return std::make_unique<Grant>(core_, stay.lease, what_, stay.place);
  }
  stay.waited = true;
  wait_change(others.size() == permits_ ? prefix_ : others.back().key, queue.at, stay);
  return nullptr;
}

bool SemaphoreAcquirer::break_holders() const {
  auto all = core_->backend->list(prefix_).entries;
  std::ranges::sort(all, {}, &Entry::created);
  bool any = false;
  for (std::size_t i = 0; i < std::min(all.size(), permits_); ++i)
    any = core_->backend->remove(all[i].key, all[i].revision) || any;
  return any;
}

}  // namespace tooz
