#include "tooz/recipes/queue_place.h"

#include "tooz/random_text.h"

namespace tooz {
namespace {

constexpr std::size_t kIdSize = 16;

}  // namespace

bool QueuePlace::take(const Guard& guard) {
  leave();
  key_ = start_ + random_text(core_->env).substr(0, kIdSize);
  left_ = false;
  may_come_ = false;
  try {
    const auto created = create_surely(*core_, *under_, key_, value_, guard);
    may_come_ = created.may_come;
    if (!created.revision) {
      if (may_come_) leave_to_cleaner({}, false);
      key_.clear();
      return false;
    }
    created_ = revision_ = *created.revision;
    return true;
  } catch (const Error& error) {
    if (error.code() == Errc::kUnreachable) {
      may_come_ = true;
      leave_to_cleaner({}, false);
    }
    key_.clear();
    throw;
  }
}

bool QueuePlace::renew(const std::string& value) {
  try {
    const auto revision = core_->backend->replace(key_, value, revision_);
    if (!revision) return false;
    value_ = value;
    revision_ = *revision;
    return true;
  } catch (const Error&) {
    // Whichever of the two values stands there.
    leave_to_cleaner({}, false);
    value_ = value;
    leave_to_cleaner({}, false);
    key_.clear();
    throw;
  }
}

bool QueuePlace::leave() noexcept {
  if (!taken()) return true;
  try {
    if (!under_->lost().stop_requested()) core_->backend->remove(key_, revision_);
    if (may_come_) leave_to_cleaner(core_->env.now() + under_->ttl(), false);
    left_ = true;
    return true;
  } catch (const std::exception&) {
    leave_at({});
    return false;
  }
}

void QueuePlace::leave_at(Env::TimePoint when) noexcept {
  if (key_.empty() || left_.exchange(true)) return;
  leave_to_cleaner(when, !may_come_);
}

void QueuePlace::leave_to_cleaner(Env::TimePoint due, bool known) noexcept {
  core_->cleaner.add({.lease = under_,
                      .key = key_,
                      .value = value_,
                      .revision = known ? revision_ : 0,
                      .due = due,
                      .may_come = may_come_});
}

}  // namespace tooz
