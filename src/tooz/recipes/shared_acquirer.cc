#include "tooz/recipes/shared_acquirer.h"

#include "tooz/recipes/exclusive_acquirer.h"

namespace tooz {

// Where no writer's place stands at the moment our key is made, none will ever be before it. Who
// holds the lock then came before us, and has the lower token.
std::unique_ptr<Grant> SharedAcquirer::try_once(const LeasePtr& lease) const {
  const auto place = new_place(lease);
  if (!place->take({.present = {}, .empty_prefix = keys_.queue + "w"})) return nullptr;
  if (core_->backend->get(keys_.holder)) return nullptr;
  return std::make_unique<Grant>(core_, lease, what_, place);
}

std::shared_ptr<QueuePlace> SharedAcquirer::new_place(const LeasePtr& lease) const {
  const auto kind = core_->delays ? kDelayedReader : kReader;
  return make_place(lease, keys_.queue + std::string(kind), core_->member_id);
}

std::unique_ptr<Grant> SharedAcquirer::step(Stay& stay) const {
  if (!stay.place->taken()) {
    stay.alone = stay.place->take({.present = {}, .empty_prefix = keys_.queue + "w"});
    if (!stay.alone) stay.place->take();
    stay.first = stay.alone;
  }
  if (!stay.first) {
    const Snapshot queue = core_->backend->list(keys_.queue);
    const Entry* mine = find_entry(queue, stay.place->key());
    if (!mine) {
      stay.place->leave();
      return nullptr;
    }
    if (const Entry* writer = last_before(queue, *mine, "w")) {
      wait_change(writer->key, queue.at, stay);
      return nullptr;
    }
    stay.first = true;
  }
  const Snapshot holder = core_->backend->list(keys_.holder);
  if (find_entry(holder, keys_.holder)) {
    wait_change(keys_.holder, holder.at, stay);
    return nullptr;
  }
  // A writer may have come and gone since our key was made: our token must be above his.
  if (stay.alone || stay.place->renew(core_->member_id))
    return std::make_unique<Grant>(core_, stay.lease, what_, stay.place);
  stay.place->leave();
  return nullptr;
}

bool SharedAcquirer::break_holders() const {
  return ExclusiveAcquirer(core_, what_, keys_, "").break_holders();
}

}  // namespace tooz
