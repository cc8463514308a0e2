// Cycles per second of locks that nobody else wants, by one process and one connection:
//   bench-locks lock URL THREADS SECONDS   acquires and releases through the library
//   bench-locks pair URL THREADS SECONDS   creates a key and removes it: the two transactions alone
// And what a process costs that only holds: so many locks, and watches ten groups that it is in:
//   bench-locks idle URL LOCKS SECONDS     prints % of a core and MiB of memory
#include "tooz/coordinator.h"
#include "tooz/driver.h"
#include "tooz/url.h"
#include "tooz/value.h"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <fstream>
#include <mutex>
#include <stdexcept>

namespace {

using base::Env;

struct Work {
  std::string url;
  std::size_t threads;
  Env::Duration time;
};

/// Counts `cycle(thread)` on all threads until the time is over. Passes on the first failure.
double per_second(const Work& work, const std::function<void(std::size_t)>& cycle) {
  Env& env = base::system_env();
  std::atomic<std::size_t> cycles = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto begin = env.now();
  std::vector<std::unique_ptr<Env::Thread>> threads;
  for (std::size_t i = 0; i < work.threads; ++i)
    threads.push_back(env.spawn("bench", [&, i](const std::stop_token&) {
      try {
        for (; env.now() < begin + work.time; ++cycles)
          cycle(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    }));
  threads.clear();  // joins
  if (failure) std::rethrow_exception(failure);
  return static_cast<double>(cycles) / std::chrono::duration<double>(env.now() - begin).count();
}

std::string name_of(std::size_t thread) { return "bench-" + std::to_string(thread); }

double locks_per_second(const Work& work) {
  tooz::Coordinator coordinator(base::system_env(), work.url, {.member_id = "bench"});
  std::vector<tooz::Lock> locks;
  for (std::size_t i = 0; i < work.threads; ++i)
    locks.push_back(coordinator.lock(name_of(i)));
  { const auto first = locks.front().try_acquire(); }  // the session is open when we begin
  return per_second(work, [&](std::size_t thread) {
    auto held = locks[thread].try_acquire();
    if (!held) throw std::runtime_error("somebody else has " + name_of(thread));
    held->release();
  });
}

double pairs_per_second(const Work& work) {
  const tooz::Url url = tooz::parse_url(work.url);
  for (const tooz::Driver& driver : tooz::drivers()) {
    if (driver.scheme != url.scheme) continue;
    const auto backend = driver.open(base::system_env(), url);
    const auto session = backend->open_session(work.time + std::chrono::seconds(60));
    const double result = per_second(work, [&](std::size_t thread) {
      const std::string key = "tooz-cc/bench/" + name_of(thread);
      const auto created = backend->create(key, "bench", session.id);
      if (!created || !backend->remove(key, *created))
        throw std::runtime_error("somebody else has " + key);
    });
    backend->close_session(session.id);
    return result;
  }
  throw std::runtime_error("no driver for " + url.scheme);
}

/// Processor time that this process has used, in seconds.
double processor_time() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double resident_mib() {
  long pages = 0;
  long resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return static_cast<double>(resident * sysconf(_SC_PAGESIZE)) / (1 << 20);
}

void print_cost_of_holding(const Work& work) {
  Env& env = base::system_env();
  tooz::Coordinator coordinator(env, work.url, {.member_id = "bench"});
  for (int i = 0; i < 10; ++i) {
    const std::string group = "bench-" + std::to_string(i);
    coordinator.create_group(group);
    coordinator.join(group, nullptr);
    coordinator.view(group);
  }
  std::vector<tooz::LockGuard> held;
  for (std::size_t i = 0; i < work.threads; ++i)
    held.push_back(coordinator.lock(name_of(i)).acquire({}).value());
  env.sleep_for(std::chrono::seconds(3), {});
  const double before = processor_time();
  env.sleep_for(work.time, {});
  const double spent = processor_time() - before;
  std::printf("%.2f %% of a core, %.1f MiB\n",
              100 * spent / std::chrono::duration<double>(work.time).count(), resident_mib());
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 5 ? argv[1] : "";
  if (what != "lock" && what != "pair" && what != "idle") {
    std::fputs("usage: bench-locks lock|pair|idle URL THREADS SECONDS\n", stderr);
    return 2;
  }
  try {
    const Work work{argv[2], std::stoul(argv[3]),
                    std::chrono::duration_cast<Env::Duration>(
                        std::chrono::duration<double>(std::stod(argv[4])))};
    if (what == "idle") return print_cost_of_holding(work), 0;
    std::printf("%.0f\n", what == "lock" ? locks_per_second(work) : pairs_per_second(work));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-locks: %s\n", error.what());
    return 1;
  }
}
