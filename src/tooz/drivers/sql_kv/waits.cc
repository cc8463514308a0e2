#include "tooz/drivers/sql_kv/waits.h"

#include <algorithm>

namespace tooz::sql_kv {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
constexpr auto kLongestPause = std::chrono::seconds(1);
/// Who has waited through so many revisions of others comes back to wait from a later one: else the
/// record of changes would no longer reach back to his.
constexpr Revision kLongestWait = kKeptRevisions / 2;

std::int64_t number(const std::optional<std::string>& cell) {
  return std::stoll(cell.value_or("0"));
}

}  // namespace

class Waits::Place {
 public:
  Place(Waits& waits, Waiter& waiter) : waits_(waits), waiter_(waiter) {
    {
      const std::lock_guard lock(waits_.mutex_);
      waits_.waiters_.push_back(&waiter_);
    }
    waits_.somebody_->set();
  }
  ~Place() {
    const std::lock_guard lock(waits_.mutex_);
    waits_.waiters_.remove(&waiter_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  bool changed() const {
    const std::lock_guard lock(waits_.mutex_);
    return waiter_.changed;
  }

 private:
  Waits& waits_;
  Waiter& waiter_;
};

void Waits::wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
                 const std::stop_token& stop) {
  Waiter waiter{prefix, at, env_.make_event()};
  begin();
  const Place place(*this, waiter);
  const Client::What what{"wait for a change of", prefix};
  while (!stop.stop_requested() && env_.now() < deadline && !place.changed()) {
    const auto asked = env_.now();
    const Result found = client_.read(what, statements_.look(prefix, at));
    const auto& row = found.rows.front();
    const Revision counter = number(row.at(1));
    if (number(row.at(2)) > 0 || counter < at || counter - kLongestWait > at) return;
    auto wake = deadline;
    if (const std::int64_t ends = number(row.at(3)); ends != 0) {
      const auto rest = std::chrono::microseconds(ends - number(row.at(4)));
      if (rest <= rest.zero()) {
        client_.run(what, statements_.sweep());
        return;
      }
      wake = std::min(wake, asked + rest);
    }
    waiter.event->wait_until(wake, stop);
  }
}

void Waits::begin() {
  {
    const std::lock_guard lock(mutex_);
    if (running_) return;
    running_ = true;
  }
  thread_ = env_.spawn("tooz-sql", [this](const std::stop_token& stop) { listen(stop); });
}

// Without a feed, those who wait look for themselves at each attempt to get one: then they also
// learn why there is none.
void Waits::listen(const std::stop_token& stop) {
  base::Backoff pauses(env_, kFirstPause, kLongestPause);
  while (!stop.stop_requested()) {
    try {
      const auto feed = server_.feed(client_.connect());
      pauses.reset(kFirstPause);
      wake_all();  // what changed before it was made is not heard of
      hear(*feed, stop);
    } catch (const Failure&) {
      wake_all();
      env_.sleep_for(pauses.next(), stop);
    }
  }
}

void Waits::hear(Feed& feed, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (!server_.pushes() && !anybody())
      somebody_->wait_until(Env::TimePoint::max(), stop);
    else
      tell(feed.next(stop));
  }
}

void Waits::tell(const News& news) {
  if (news.gap) return wake_all();
  const std::lock_guard lock(mutex_);
  for (Waiter* waiter : waiters_) {
    const bool concerned = std::ranges::any_of(news.changes, [&](const News::Change& change) {
      return change.revision > waiter->at && (change.key.starts_with(waiter->prefix) ||
                                              change.revision > waiter->at + kLongestWait);
    });
    if (!concerned) continue;
    waiter->changed = true;
    waiter->event->set();
  }
}

void Waits::wake_all() {
  const std::lock_guard lock(mutex_);
  for (Waiter* waiter : waiters_)
    waiter->event->set();
}

bool Waits::anybody() {
  const std::lock_guard lock(mutex_);
  return !waiters_.empty();
}

}  // namespace tooz::sql_kv
