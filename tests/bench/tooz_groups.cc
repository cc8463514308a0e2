#include "tests/bench/tooz_measures.h"
#include "tests/bench/tooz_parts.h"
#include "tooz/recipes/names.h"
#include "tooz/value.h"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <stdexcept>

namespace bench {
namespace {

constexpr auto kLease = std::chrono::seconds(10);
constexpr std::size_t kAtOnce = 8;  ///< threads that make members

/// Processor time that this process has used, in seconds.
double processor_time() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

double resident_mib() {
  long pages = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void make_group(const std::string& url, const std::string& group) {
  tooz::Coordinator(base::system_env(), url, {.member_id = "maker"}).create_group(group);
}

/// Keys as members have them, under one session.
void fill(tooz::Backend& backend, tooz::SessionId session, std::size_t members) {
  const std::string capabilities = tooz::to_msgpack(tooz::Value::Map{{"weight", 1}});
  std::atomic<std::size_t> next = 0;
  in_threads(kAtOnce, [&](std::size_t) {
    for (std::size_t i = next++; i < members; i = next++)
      backend.create(tooz::member_key("views", "member-" + std::to_string(i)), capabilities,
                     session);
  });
}

}  // namespace

Views views(const std::string& url, std::size_t members) {
  Env& env = base::system_env();
  const auto backend = open_backend(url);
  make_group(url, "views");
  const auto session = backend->open_session(std::chrono::minutes(2)).id;
  fill(*backend, session, members);
  Views result{};
  {
    Counted reader(url);
    while (!reader.coordinator().connected())
      env.sleep_for(std::chrono::milliseconds(1), {});
    const double calls = reader.requests();
    const auto began = env.now();
    std::size_t seen = reader.coordinator().view("views").members.size();
    result.first = 1000 * seconds(env.now() - began);
    result.calls = reader.requests() - calls;
    constexpr int kReads = 200'000;
    const auto reading = env.now();
    for (int i = 0; i < kReads; ++i)
      seen = std::min(seen, reader.coordinator().view("views").members.size());
    result.read = 1e9 * seconds(env.now() - reading) / kReads;
    if (seen != members) throw std::runtime_error(std::to_string(seen) + " members are seen");
  }
  backend->close_session(session);
  return result;
}

double crowd(const std::string& url, std::size_t members, const std::function<double()>& counter) {
  Env& env = base::system_env();
  make_group(url, "crowd");
  std::vector<std::unique_ptr<tooz::Coordinator>> all(members);
  std::atomic<std::size_t> next = 0;
  in_threads(kAtOnce, [&](std::size_t) {
    for (std::size_t i = next++; i < members; i = next++) {
      all[i] = std::make_unique<tooz::Coordinator>(
          env, url, tooz::Options{.member_id = "member-" + std::to_string(i), .lease = kLease});
      if (!all[i]->join("crowd", nullptr)) throw std::runtime_error("a member id is taken");
    }
  });
  env.sleep_for(kLease / 3, {});
  const double before = counter();
  const auto began = env.now();
  env.sleep_for(kLease, {});
  const double counted = counter() - before;
  const double thirds = seconds(env.now() - began) / seconds(kLease / 3);
  const double requests = counted / thirds / static_cast<double>(members);
  std::atomic<std::size_t> last = 0;
  in_threads(kAtOnce, [&](std::size_t) {
    for (std::size_t i = last++; i < members; i = last++)
      all[i].reset();
  });
  return requests;
}

Holding holding(const std::string& url, std::size_t locks, Env::Duration time) {
  Env& env = base::system_env();
  tooz::Coordinator coordinator(env, url, {.member_id = "bench"});
  for (int i = 0; i < 10; ++i) {
    const std::string group = "bench-" + std::to_string(i);
    coordinator.create_group(group);
    coordinator.join(group, nullptr);
    coordinator.view(group);
  }
  std::vector<std::optional<tooz::LockGuard>> held(locks);
  std::atomic<std::size_t> next = 0;
  in_threads(kAtOnce, [&](std::size_t) {
    for (std::size_t i = next++; i < locks; i = next++)
      held[i] = coordinator.lock("held-" + std::to_string(i)).acquire({});
  });
  env.sleep_for(kLease / 5, {});
  const double before = processor_time();
  env.sleep_for(time, {});
  const double spent = processor_time() - before;
  for (const auto& one : held)
    if (!one || one->remaining() <= Env::Duration::zero())
      throw std::runtime_error("a lock was lost");
  return {100 * spent / seconds(time), resident_mib()};
}

}  // namespace bench
