#pragma once
#include "sim/faulty_backend.h"
#include "sim/sim_env.h"
#include "tooz/coordinator.h"
#include "tooz/drivers/memory/memory_backend.h"
#include "tooz/recipes/exclusive_acquirer.h"
#include "tooz/recipes/semaphore_acquirer.h"
#include "tooz/recipes/shared_acquirer.h"
#include "tooz/recipes/wiring.h"

#include <functional>

namespace tooz {

/// One memory store and its clients in virtual time: each client a process of its own, behind a
/// network of its own.
class TestWorld {
 public:
  explicit TestWorld(std::uint64_t seed = 1) : env(seed), store(make_memory_store(env)) {}

  struct Client {
    sim::SimProcess& process;
    sim::FaultyBackend& net;
    std::shared_ptr<Core> core;

    Client(sim::SimProcess& p, sim::FaultyBackend& n, std::shared_ptr<Core> c)
        : process(p), net(n), core(std::move(c)) {}
    Client(Client&&) = default;
    ~Client() {
      if (core) core->shutdown();
    }

    ExclusiveAcquirer lock(std::string_view name) const {
      return {core, what(name), lock_keys(name), ""};
    }
    SharedAcquirer shared(std::string_view name) const {
      return {core, what(name), lock_keys(name)};
    }
    SemaphoreAcquirer semaphore(std::string_view name, std::size_t permits) const {
      return {core, what(name), semaphore_prefix(name), permits};
    }
    static Grant::What what(std::string_view name) {
      return {HeldKey::Kind::kLock, std::string(name)};
    }
    void partition_for(Env::Duration time) const { net.partition_until(process.now() + time); }
  };
  struct Setting {
    Env::Duration lease = std::chrono::seconds(10);
    Env::Duration lock_delay{};
    sim::Faults faults = {};
    Flaws flaws = {};
  };

  Client client(const std::string& name) { return client(name, {}); }
  Client client(const std::string& name, const Setting& setting);

  /// A coordinator in a process that runs on `host`; its member id is `member`.
  struct Node {
    sim::SimProcess& process;
    sim::FaultyBackend& net;
    std::unique_ptr<Coordinator> coordinator;

    Coordinator* operator->() const { return coordinator.get(); }
    void partition_for(Env::Duration time) const { net.partition_until(process.now() + time); }
  };
  struct Place {
    std::string process;
    std::string member;
    std::string host = "host";
  };
  Node node(const Place& place, std::function<void(const Lost&)> on_rejoined = {});
  Node member(const std::string& name) { return node({name, name}); }

  std::unique_ptr<Backend> backend() { return make_memory_backend(env, store); }
  /// The keys that stand under `prefix` now.
  std::vector<std::string> keys(std::string_view prefix);
  /// Passes virtual time until `condition`; false: not within `most`.
  bool eventually(Env::Duration most, const std::function<bool()>& condition);
  void pass(Env::Duration time) { env.sleep_for(time, {}); }

  static std::vector<std::string> ids(const std::vector<Member>& members);

  sim::SimEnv env;
  std::shared_ptr<MemoryStore> store;

 private:
  std::vector<sim::SimProcess*> processes_;  ///< a pid is an index
};

}  // namespace tooz
