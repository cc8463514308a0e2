#include "tooz/recipes/queue_place.h"

#include "tooz/random_text.h"

namespace tooz {

void QueuePlace::take() {
  leave();
  key_ = queue_ + "w-" + random_text(core_->env);
  try {
    const auto created = create_surely(*core_, *lease_, key_, core_->member_id);
    if (!created.revision) throw Error(Errc::kUnreachable, "creating " + key_);
    revision_ = *created.revision;
    may_come_ = created.may_come;
  } catch (const Error& error) {
    if (error.code() == Errc::kUnreachable) leave_to_cleaner(true);
    key_.clear();
    throw;
  }
}

bool QueuePlace::try_leave() noexcept {
  if (key_.empty()) return true;
  try {
    if (!lease_->lost().stop_requested()) core_->backend->remove(key_, revision_);
  } catch (const std::exception&) {
    return false;
  }
  if (may_come_) leave_to_cleaner(true);
  key_.clear();
  return true;
}

void QueuePlace::leave() noexcept {
  if (!try_leave()) leave_to_cleaner(may_come_);
  key_.clear();
}

void QueuePlace::leave_to_cleaner(bool may_come) {
  core_->cleaner.add(
      {.lease = lease_, .key = key_, .value = core_->member_id, .due = {}, .may_come = may_come});
}

}  // namespace tooz
