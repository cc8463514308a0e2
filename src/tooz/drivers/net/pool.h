#pragma once
#include "base/env.h"
#include "tooz/drivers/net/transport.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace tooz::net {

/// Connections to one server, each lent to one thread at a time; at most `kMost` of them. After one
/// could not be made, the next attempt comes after a pause of 50 ms to 1 s, whoever makes it.
/// Thread-safe. A Connection has `bool usable()`.
template <class Connection>
class Pool {
  using Env = base::Env;

 public:
  /// Throws when it cannot connect by `deadline`.
  using Make = std::function<std::unique_ptr<Connection>(Env::TimePoint deadline)>;

  Pool(Env& env, Make make) : env_(env), make_(std::move(make)), returned_(env.make_event()) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// A connection for as long as this lives; closed with it unless keep() says that it is in order.
  class Loan {
   public:
    Loan(Pool& pool, std::unique_ptr<Connection> connection, std::uint64_t generation)
        : pool_(pool), connection_(std::move(connection)), generation_(generation) {}
    ~Loan() { pool_.give_back(kept_ ? std::move(connection_) : nullptr, generation_); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }
    void keep() noexcept { kept_ = true; }

   private:
    Pool& pool_;
    std::unique_ptr<Connection> connection_;
    const std::uint64_t generation_;
    bool kept_ = false;
  };

  /// Throws what Make does, and TransportError when all are lent out until `deadline`.
  Loan take(Env::TimePoint deadline) {
    for (;;) {
      if (auto [connection, generation] = idle(); connection)
        return Loan(*this, std::move(connection), generation);
      if (reserve()) return connect(deadline);
      if (!returned_->wait_until(deadline, {})) throw TransportError("all connections are busy");
    }
  }

  /// Closes all of them: those that are lent out when they come back.
  void drop_all() {
    std::vector<std::unique_ptr<Connection>> dropped;
    const std::lock_guard lock(mutex_);
    ++generation_;
    open_ -= idle_.size();
    dropped.swap(idle_);
    returned_->set();
  }

 private:
  static constexpr std::size_t kMost = 16;
  static constexpr Env::Duration kFirstPause = std::chrono::milliseconds(50);
  static constexpr Env::Duration kLongestPause = std::chrono::seconds(1);

  std::pair<std::unique_ptr<Connection>, std::uint64_t> idle() {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      if (connection->usable()) {
        if (!idle_.empty()) returned_->set();  // for the next who waits
        return {std::move(connection), generation_};
      }
      --open_;
    }
    return {};
  }

  bool reserve() {
    const std::lock_guard lock(mutex_);
    if (open_ == kMost) return false;
    if (++open_ < kMost) returned_->set();
    return true;
  }

  Loan connect(Env::TimePoint deadline) {
    std::uint64_t generation = 0;
    Env::TimePoint ready;
    {
      const std::lock_guard lock(mutex_);
      generation = generation_;
      ready = ready_at_;
    }
    try {
      env_.sleep_until(std::min(ready, deadline), {});
      auto connection = make_(deadline);
      const std::lock_guard lock(mutex_);
      pause_ = kFirstPause;
      ready_at_ = {};
      return Loan(*this, std::move(connection), generation);
    } catch (...) {
      failed();
      throw;
    }
  }

  void failed() {
    const auto chance = env_.random();
    const auto now = env_.now();
    const std::lock_guard lock(mutex_);
    const auto half = pause_ / 2;
    ready_at_ = now + half + Env::Duration(chance % static_cast<std::uint64_t>(half.count()));
    pause_ = std::min(2 * pause_, kLongestPause);
    --open_;
    returned_->set();
  }

  void give_back(std::unique_ptr<Connection> connection, std::uint64_t generation) {
    const std::lock_guard lock(mutex_);
    if (connection && generation == generation_)
      idle_.push_back(std::move(connection));
    else
      --open_;
    returned_->set();
  }

  Env& env_;
  const Make make_;
  const std::unique_ptr<Env::Event> returned_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t open_ = 0;          // lent out, idle, or being made
  std::uint64_t generation_ = 0;  // raised by drop_all()
  Env::Duration pause_ = kFirstPause;
  Env::TimePoint ready_at_{};  // for the next attempt
};

}  // namespace tooz::net
