#include "tooz/drivers/zookeeper/news.h"

namespace tooz::zookeeper {

News::Ticket::Ticket(Env& env, News& news) : news_(news), event_(env.make_event()) { watch(""); }

News::Ticket::~Ticket() {
  const std::lock_guard lock(news_.mutex_);
  std::erase_if(news_.waiting_, [this](const auto& one) { return one.second == event_.get(); });
}

void News::Ticket::watch(const std::string& path) {
  const std::lock_guard lock(news_.mutex_);
  news_.waiting_.emplace(path, event_.get());
}

void News::tell(const std::string& path) noexcept {
  const std::lock_guard lock(mutex_);
  const auto [begin, end] = waiting_.equal_range(path);
  for (auto one = begin; one != end; ++one)
    one->second->set();
}

void News::tell_all() noexcept { tell(""); }

}  // namespace tooz::zookeeper
