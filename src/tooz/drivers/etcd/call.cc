#include "tooz/drivers/etcd/call.h"

namespace tooz::etcd {

std::optional<std::string> Call::take_message() {
  const std::lock_guard lock(mutex_);
  if (messages_.empty()) return std::nullopt;
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

std::optional<Status> Call::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

bool Call::add(std::string message) {
  {
    const std::lock_guard lock(mutex_);
    if (messages_.size() >= kMaxMessages) return false;
    messages_.push_back(std::move(message));
  }
  // Who waits for one answer is woken once, when the call ends.
  if (request_.stays_open) changed_->set();
  return true;
}

void Call::finish(Status status) {
  {
    const std::lock_guard lock(mutex_);
    if (status_) return;
    status_ = std::move(status);
  }
  changed_->set();
}

}  // namespace tooz::etcd
