#pragma once
#include "sim/faulty_backend.h"
#include "tooz/conformance/world.h"
#include "tooz/coordinator.h"
#include "tooz/testing/background.h"
#include "tooz/value.h"

namespace tooz::conformance {

/// Locks, elections and groups as their users see them, over any driver.
class RecipeConformance : public testing::TestWithParam<Subject> {
 protected:
  /// A coordinator as a process of its own would have it. Its network can be cut: then it ends as a
  /// killed process does, and gives nothing back.
  struct Member {
    sim::FaultyBackend* net;
    std::unique_ptr<Coordinator> coordinator;

    Coordinator* operator->() const { return coordinator.get(); }
    void cut_off() const;
    void heal() const;
  };

  /// Acquires the lock `x` in a thread of its own.
  class Waiter {
   public:
    Waiter(Env& env, const Member& member, Mode mode = Mode::kExclusive);
    bool ends() { return thread_.ends_within(kLimit); }

    std::stop_source stop;
    std::optional<LockGuard> guard;  ///< once it has ended

   private:
    Background thread_;
  };

  /// Calls `body` in a world of its own, with `backend` open.
  void run(const std::function<void()>& body);
  Env& env() { return world->env(); }

  struct Manner {
    Env::Duration lease = kLongLease;
    std::function<void(const Lost&)> on_rejoined;
  };
  Member member(const std::string& id) { return member(id, Manner{kLongLease, {}}); }
  Member member(const std::string& id, const Manner& manner);
  Member short_lived(const std::string& id) { return member(id, Manner{world->short_lease(), {}}); }

  bool eventually(const std::function<bool()>& condition);
  bool waits(std::size_t count);  ///< until so many stand in the queue of the lock `x`
  bool stand(const std::string& prefix, std::size_t count);  ///< until so many keys do
  bool fires(const std::stop_token& token);
  /// What next_change() tells; empty: nothing in all the time.
  GroupChange next_change(const Member& member, const std::string& group);

  /// Far more than anything here takes: it bounds the test, not the driver.
  static constexpr std::chrono::seconds kLimit{40};
  static constexpr std::chrono::seconds kLongLease{20};

  std::unique_ptr<World> world;
  std::unique_ptr<Backend> backend;

 private:
  std::int64_t processes_ = 0;
};

std::vector<std::string> ids(const std::vector<tooz::Member>& members);

}  // namespace tooz::conformance
