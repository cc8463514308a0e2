#include "tests/bench/tooz_parts.h"

#include "tests/bench/tooz_measures.h"
#include "tooz/recipes/wiring.h"
#include "tooz/url.h"

#include <algorithm>
#include <stdexcept>

namespace bench {
namespace {

const tooz::Driver& driver_of(const tooz::Url& url) {
  const auto found = std::ranges::find(tooz::drivers(), url.scheme, &tooz::Driver::scheme);
  if (found == tooz::drivers().end()) throw std::runtime_error("no driver for " + url.scheme);
  return *found;
}

/// The driver has a timeout of its own.
constexpr sim::Faults kAsTheDriver{.timeout = std::chrono::minutes(2)};

}  // namespace

double seconds(Env::Duration time) { return std::chrono::duration<double>(time).count(); }

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

std::unique_ptr<tooz::Backend> open_backend(const std::string& text) {
  const tooz::Url url = tooz::parse_url(text);
  return driver_of(url).open(base::system_env(), url);
}

void in_threads(std::size_t number, const std::function<void(std::size_t)>& act) {
  std::mutex mutex;
  std::exception_ptr failure;
  std::vector<std::unique_ptr<Env::Thread>> threads;
  for (std::size_t i = 0; i < number; ++i)
    threads.push_back(base::system_env().spawn("bench", [&, i](const std::stop_token&) {
      try {
        act(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        failure = std::current_exception();
      }
    }));
  threads.clear();  // joins
  if (failure) std::rethrow_exception(failure);
}

Counted::Counted(const std::string& url) {
  Env& env = base::system_env();
  auto counter = std::make_unique<sim::FaultyBackend>(
      env, std::shared_ptr<tooz::Backend>(open_backend(url)), kAsTheDriver);
  backend_ = counter.get();
  const auto& features = driver_of(tooz::parse_url(url)).features;
  coordinator_.emplace(env,
                       tooz::Wiring{std::move(counter), tooz::system_processes(), {}, features},
                       tooz::Options{.member_id = "bench", .lease = kLongLease});
}

double Counted::requests() const {
  const auto counts = backend_->counts();
  return static_cast<double>(counts.writes + counts.reads);
}

double Counted::waits() const { return static_cast<double>(backend_->counts().waits); }

}  // namespace bench
