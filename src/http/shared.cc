#include "http/shared.h"

namespace http {

void Registry::add(const std::shared_ptr<Connection>& connection) {
  const std::lock_guard lock(mutex_);
  connections_.emplace(connection.get(), connection);
}

void Registry::remove(const Connection* connection) {
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    connections_.erase(connection);
    last = connections_.empty();
  }
  if (last) changed_->set();
}

std::size_t Registry::size() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

std::vector<std::shared_ptr<Connection>> Registry::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Connection>> found;
  for (const auto& [key, connection] : connections_)
    if (auto alive = connection.lock()) found.push_back(std::move(alive));
  return found;
}

bool Registry::wait_empty(base::Env::TimePoint deadline) {
  while (size() > 0)
    if (!changed_->wait_until(deadline, {})) return size() == 0;
  return true;
}

}  // namespace http
