#include "tooz/conformance/recipe_suite.h"

#include "tooz/recipes/names.h"
#include "tooz/recipes/wiring.h"

namespace tooz::conformance {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// While it is not cut, the network outwaits any driver; then nobody waits for it.
sim::Faults giving_up_after(Env::Duration timeout) {
  sim::Faults faults;
  faults.timeout = timeout;
  return faults;
}
constexpr seconds kPatience{20};

}  // namespace

void RecipeConformance::Member::cut_off() const {
  net->set_faults(giving_up_after(milliseconds(20)));
  net->partition_until(Env::TimePoint::max());
}

void RecipeConformance::Member::heal() const {
  net->set_faults(giving_up_after(kPatience));
  net->partition_until({});
}

RecipeConformance::Waiter::Waiter(Env& env, const Member& member, Mode mode)
    : thread_(env, [this, lock = member->lock("x", mode)]() mutable {
        guard = lock.acquire(stop.get_token());
      }) {}

void RecipeConformance::run(const std::function<void()>& body) {
  world = GetParam().make();
  world->run([&] {
    backend = world->open();
    body();
    backend.reset();
  });
}

RecipeConformance::Member RecipeConformance::member(const std::string& id, const Manner& manner) {
  auto net = std::make_unique<sim::FaultyBackend>(env(), world->open(), giving_up_after(kPatience));
  sim::FaultyBackend* reference = net.get();
  Processes processes;
  processes.self = {"host", "boot", "namespace", ++processes_, 7};
  processes.runs = [](const ProcessIdentity&) { return std::optional(true); };
  Options options{.member_id = id, .lease = manner.lease, .on_rejoined = manner.on_rejoined};
  return {reference, std::make_unique<Coordinator>(
                         env(), Wiring{std::move(net), std::move(processes), {}}, options)};
}

bool RecipeConformance::eventually(const std::function<bool()>& condition) {
  const auto end = env().now() + kLimit;
  while (!condition()) {
    if (env().now() >= end) return false;
    env().sleep_for(milliseconds(10), {});
  }
  return true;
}

bool RecipeConformance::waits(std::size_t count) { return stand(lock_keys("x").queue, count); }

bool RecipeConformance::stand(const std::string& prefix, std::size_t count) {
  return eventually([&] { return backend->list(prefix).entries.size() == count; });
}

bool RecipeConformance::fires(const std::stop_token& token) {
  const auto event = env().make_event();
  const std::stop_callback callback(token, [&] { event->set(); });
  return event->wait_until(env().now() + kLimit, {});
}

GroupChange RecipeConformance::next_change(const Member& member, const std::string& group) {
  std::stop_source late;
  const auto clock = env().spawn("deadline", [&](const std::stop_token& stop) {
    if (env().sleep_for(kLimit, stop)) late.request_stop();
  });
  return member->next_change(group, late.get_token());
}

std::vector<std::string> ids(const std::vector<tooz::Member>& members) {
  std::vector<std::string> names;
  for (const auto& member : members)
    names.push_back(member.id);
  return names;
}

}  // namespace tooz::conformance
