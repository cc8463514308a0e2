#include "tooz/recipes/broadcast.h"

namespace tooz {

Broadcast::Ticket::Ticket(base::Env& env, Broadcast& broadcast)
    : broadcast_(broadcast), event_(env.make_event()) {
  const std::lock_guard lock(broadcast_.mutex_);
  broadcast_.events_.push_back(event_);
}

Broadcast::Ticket::~Ticket() {
  const std::lock_guard lock(broadcast_.mutex_);
  std::erase(broadcast_.events_, event_);
}

void Broadcast::notify() {
  std::vector<std::shared_ptr<base::Env::Event>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = events_;
  }
  for (const auto& event : waiting)
    event->set();
}

}  // namespace tooz
