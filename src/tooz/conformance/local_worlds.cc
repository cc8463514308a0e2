#include "tooz/conformance/local_worlds.h"

#include "sim/faulty_backend.h"
#include "sim/sim_env.h"
#include "tests/support/process.h"
#include "tooz/drivers/file/file.h"
#include "tooz/drivers/memory/memory_backend.h"
#include "tooz/url.h"

namespace tooz::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class MemoryWorld final : public World {
 public:
  std::unique_ptr<Backend> open() override { return make_memory_backend(env(), store_); }
  void restart() override { store_ = make_memory_store(env()); }
  Env::Duration short_lease() override { return seconds(1); }

 private:
  std::shared_ptr<MemoryStore> store_ = make_memory_store(env());
};

class FileWorld final : public World {
 public:
  std::unique_ptr<Backend> open() override {
    const auto state = (folder_.path() / "state").string();
    return open_file(env(), parse_url("file://" + state + "?timeout=60"));
  }
  void restart() override {}  // nothing runs while no client is open
  Env::Duration short_lease() override { return seconds(1); }

 private:
  support::TempFolder folder_;
};

class SimulatedWorld final : public World {
 public:
  Env& env() override { return env_; }
  void run(const std::function<void()>& body) override { env_.run(body); }
  std::unique_ptr<Backend> open() override {
    sim::Faults slow;
    slow.longest_delay = milliseconds(50);
    return std::make_unique<sim::FaultyBackend>(env_, make_memory_backend(env_, store_), slow);
  }
  void restart() override { store_ = make_memory_store(env_); }
  Env::Duration short_lease() override { return seconds(2); }

 private:
  sim::SimEnv env_{1};
  std::shared_ptr<MemoryStore> store_ = make_memory_store(env_);
};

template <class Kind>
std::unique_ptr<World> make() {
  return std::make_unique<Kind>();
}

}  // namespace

std::vector<Subject> local_subjects() {
  return {{"memory", "memory", make<MemoryWorld>},
          {"file", "file", make<FileWorld>},
          {"simulated", "memory", make<SimulatedWorld>}};
}

}  // namespace tooz::conformance
