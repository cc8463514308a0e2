#pragma once
#include "inspector/conductor/local.h"
#include "inspector/conductor/remote.h"
#include "inspector/conductor/takeover.h"
#include "inspector/conductor/tasks.h"
#include "inspector/conductor/testing/memory_transport.h"
#include "inspector/ironic/testing/fake_client.h"
#include "sql/database.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace inspector::testing {

inline constexpr const char* kUuid = "b2990409-b91e-4be9-97fa-d7e0cf9c8def";
inline constexpr const char* kMac = "52:54:00:8a:10:01";  ///< of report()'s machine

/// A PXE filter that counts how often it was told to follow the node cache.
class CountingFilter final : public PxeFilter {
 public:
  void sync() override { ++syncs; }
  std::atomic<int> syncs = 0;
};

/// Endpoints that a test sets.
class FixedDirectory final : public ConductorDirectory {
 public:
  std::vector<ConductorEndpoint> endpoints() override {
    const std::lock_guard guard(mutex_);
    return endpoints_;
  }
  void set(std::vector<ConductorEndpoint> endpoints) {
    const std::lock_guard guard(mutex_);
    endpoints_ = std::move(endpoints);
  }

 private:
  std::mutex mutex_;
  std::vector<ConductorEndpoint> endpoints_;
};

/// A database that refuses each transaction while it is told to.
class TroubledDatabase final : public sql::Database {
 public:
  using Database::Database;
  static constexpr int kNone = 0;
  std::atomic<int> trouble = kNone;  ///< or an sql::Errc

  void run(sql::Access access, const std::function<void(sql::Transaction&)>& body) override {
    if (const int code = trouble; code != kNone)
      throw sql::Error(static_cast<sql::Errc>(code), "trouble on order");
    Database::run(access, body);
  }
};

/// A database in memory with the inspector's schema.
struct MemoryStore {
  explicit MemoryStore(base::Env& env);
  TroubledDatabase database;
  NodeStore nodes;
  std::unique_ptr<DataStore> data;
  Journal journal;
};

/// Options of a conductor without delays, with upstream's default hooks, that stores data.
ConductorOptions usual_conductor();
ProcessingOptions usual_processing();

/// The node that kUuid names: manageable, a BMC, no ports.
boost::json::object usual_node();

struct WorldOptions {
  bool remote = false;  ///< conductor() is asked by JSON-RPC
  ConductorOptions conductor = usual_conductor();
  ProcessingOptions processing = usual_processing();
};

/// One conductor with all that it stands on, and an Ironic with one node.
class World {
 public:
  explicit World(base::Env& env, WorldOptions options = {});

  Conductor& conductor() {
    if (options_.remote) return remote_;
    return local_;
  }
  LocalConductor& local() noexcept { return local_; }
  TaskParts tasks() { return {env, store.nodes, *locks, ironic, filter}; }

  Conductor::Call call() { return {env.now() + std::chrono::seconds(20), {}}; }
  /// Lets virtual time pass, so that what goes on in the background comes to its end.
  void rest(base::Env::Duration duration = std::chrono::seconds(1)) { env.sleep_for(duration, {}); }

  void start(bool manage_boot = true) { conductor().introspect(kUuid, manage_boot, call()); }
  std::string post();  ///< the report of the node's machine
  Node row();          ///< the node's; fails the test if there is none
  std::string state() { return std::string(name(row().state)); }

  /// Status and text of the inspector::Error that `body` throws; fails the test if there is none.
  static std::pair<int, std::string> refusal(const std::function<void()>& body);

  base::Env& env;
  MemoryStore store;
  std::unique_ptr<NodeLocks> locks;
  FakeIronic ironic;
  CountingFilter filter;

 private:
  WorldOptions options_;
  Pipeline pipeline_;
  Owner owner_;
  LocalConductor local_;
  Takeover takeover_;
  rpc::Methods methods_;
  MemoryTransport transport_;
  FixedDirectory directory_;
  RemoteConductor remote_;
};

}  // namespace inspector::testing
