#include "tooz/drivers/memory/memory_backend.h"

#include "tooz/drivers/memory/memory_store.h"
#include "tooz/error.h"
#include "tooz/random_text.h"
#include "tooz/url.h"

#include <algorithm>
#include <array>

namespace tooz {
namespace {

constexpr std::size_t kMaxValue = 1 << 20;

/// Collects the events of one call and sets them when the store's mutex is free again.
class Waking {
 public:
  Waking() = default;
  Waking(const Waking&) = delete;
  Waking& operator=(const Waking&) = delete;
  ~Waking() {
    for (const auto& event : wakes_)
      event->set();
  }
  operator MemoryStore::Wakes&() noexcept { return wakes_; }

 private:
  MemoryStore::Wakes wakes_;
};

class MemoryBackend final : public Backend {
 public:
  MemoryBackend(Env& env, std::shared_ptr<MemoryStore> store)
      : env_(env), store_(std::move(store)) {}

  Session open_session(Env::Duration wanted) override {
    return run([=](LeasedMap& map, auto now) { return map.open_session(now, wanted); });
  }
  Env::Duration renew(SessionId session) override {
    return run([=](LeasedMap& map, auto now) { return map.renew(now, session); });
  }
  void close_session(SessionId session) override {
    run([=](LeasedMap& map, auto) { map.close_session(session); });
  }

  std::optional<Revision> create(std::string_view key, std::string_view value, SessionId owner,
                                 const Guard& guard) override {
    check_size(key, value);
    return run([&](LeasedMap& map, auto) {
      return map.create({std::string(key), std::string(value), owner, 0, 0}, guard);
    });
  }
  std::optional<Revision> replace(std::string_view key, std::string_view value,
                                  Revision expected) override {
    check_size(key, value);
    return run([&](LeasedMap& map, auto) { return map.replace(key, value, expected); });
  }
  bool remove(std::string_view key, Revision expected, const Guard& guard) override {
    return run([&](LeasedMap& map, auto) { return map.remove(key, expected, guard); });
  }

  std::optional<Entry> get(std::string_view key) override {
    return run([=](LeasedMap& map, auto) { return map.get(key); });
  }
  Snapshot list(std::string_view prefix) override {
    return run([=](LeasedMap& map, auto) { return map.list(prefix); });
  }

  void wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                   std::stop_token stop) override {
    wait(prefix, at, deadline, stop);
  }

  std::optional<Changes> next_changes(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                      std::stop_token stop) override {
    at = wait(prefix, at, deadline, stop);
    return run([=](LeasedMap& map, auto) { return map.changes_since(prefix, at); });
  }

  std::string origin() override {
    return run([](LeasedMap& map, auto) { return map.data().origin; });
  }

 private:
  /// As wait_change(); returns up to where nothing has changed, `at` or later.
  Revision wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
                const std::stop_token& stop) {
    const std::shared_ptr<Env::Event> event = env_.make_event();
    store_->await({std::string(prefix), event, at});
    while (!stop.stop_requested()) {
      // nullopt: changed, or too late
      at = store_->unchanged_until(event);
      const auto next = run([=](LeasedMap& map, auto now) -> std::optional<Env::TimePoint> {
        if (now >= deadline || map.changed(prefix, at)) return std::nullopt;
        return map.next_expiry(prefix);
      });
      if (!next) break;
      event->wait_until(std::min(deadline, *next), stop);
    }
    at = store_->unchanged_until(event);
    store_->forget(event);
    return at;
  }

  template <class Action>
  auto run(Action action) -> std::invoke_result_t<Action, LeasedMap&, Env::TimePoint> {
    const auto now = env_.now();
    Waking waking;
    return store_->run(now, waking, [&](LeasedMap& map) { return action(map, now); });
  }

  static void check_size(std::string_view key, std::string_view value) {
    if (value.size() > kMaxValue)
      throw Error(Errc::kTooLarge, "memory: " + std::string(key) + ": " +
                                       std::to_string(value.size()) + " bytes, at most " +
                                       std::to_string(kMaxValue));
  }

  Env& env_;
  const std::shared_ptr<MemoryStore> store_;
};

}  // namespace

std::shared_ptr<MemoryStore> make_memory_store(Env& env) {
  return std::make_shared<MemoryStore>(random_text(env));
}

std::unique_ptr<Backend> make_memory_backend(Env& env, std::shared_ptr<MemoryStore> store) {
  return std::make_unique<MemoryBackend>(env, std::move(store));
}

std::unique_ptr<Backend> open_memory(Env& env, const Url& url) {
  constexpr std::array<std::string_view, 3> kKnown{"timeout", "membership_timeout", "lock_timeout"};
  url.accept_options(kKnown);
  const std::string name = (url.hosts.empty() ? "" : url.hosts.front().name) + url.path;

  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<MemoryStore>> stores;
  const auto fresh = make_memory_store(env);
  const std::lock_guard lock(mutex);
  auto store = stores[name].lock();
  if (!store) stores[name] = store = fresh;
  return make_memory_backend(env, std::move(store));
}

Features memory_features() noexcept {
  return {.survives_restart = false,
          .linearizable = true,
          .notifies = true,
          .evicts = false,
          .across_hosts = false,
          .max_value = kMaxValue};
}

}  // namespace tooz
