#include "inspector/keystone/token_cache.h"

namespace inspector::keystone {

std::optional<TokenCache::Answer> TokenCache::find(const std::string& digest,
                                                   base::Env::TimePoint now) {
  const std::lock_guard guard(mutex_);
  const auto found = by_digest_.find(digest);
  if (found == by_digest_.end()) return std::nullopt;
  if (found->second->until <= now) {
    entries_.erase(found->second);
    by_digest_.erase(found);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->answer;
}

void TokenCache::keep(const std::string& digest, Answer answer, base::Env::TimePoint until) {
  const std::lock_guard guard(mutex_);
  if (const auto found = by_digest_.find(digest); found != by_digest_.end()) {
    entries_.erase(found->second);
    by_digest_.erase(found);
  }
  entries_.push_front({digest, std::move(answer), until});
  by_digest_.emplace(digest, entries_.begin());
  if (entries_.size() <= most_) return;
  by_digest_.erase(entries_.back().digest);
  entries_.pop_back();
}

}  // namespace inspector::keystone
