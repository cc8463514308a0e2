#include "tests/sim/group_world.h"

#include <array>
#include <map>
#include <optional>
#include <vector>

#include "sim/faulty_backend.h"
#include "sim/sim_env.h"
#include "tooz/coordinator.h"
#include "tooz/drivers/memory/memory_backend.h"
#include "tooz/error.h"
#include "tooz/recipes/wiring.h"
#include "tooz/value.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;
using Incarnations = std::map<std::string, tooz::Revision>;

constexpr std::array<std::string_view, 5> kNames{"a", "b", "c", "d", "e"};
constexpr auto kLease = 10s;
constexpr std::string_view kGroup = "g";

class GroupWorld {
 public:
  explicit GroupWorld(std::uint64_t seed)
      : env_(seed), store_(tooz::make_memory_store(env_)), tells_(seed % 2 == 0) {}

  GroupRun run(Env::Duration length);

 private:
  struct Member {
    FaultyBackend* net = nullptr;  // null: not up
    tooz::Coordinator* coordinator = nullptr;
    std::int64_t said = 0;  // its capabilities
    bool in = false;
    bool spoke_last = false;  // after the faults: an unanswered word may or may not stand
    Incarnations followed;    // what its reports add up to
    std::unique_ptr<Env::Thread> thread;
  };

  void start(std::size_t number);
  void live(Member& member, SimProcess& process, const std::stop_token& stop);
  void act(Member& member);
  void follow(Member& member, const std::stop_token& stop);
  void note(bool good, const std::string& otherwise) {
    if (!good) run_.violation = otherwise;
  }
  void strike();
  void restart(std::size_t number);
  void wind_up();
  void check(const Incarnations& truth);
  tooz::Processes processes_of(std::size_t number);
  Env::Duration draw(Env::Duration most) {
    return Env::Duration(
        static_cast<Env::Duration::rep>(env_.random() % static_cast<std::uint64_t>(most.count())));
  }

  SimEnv env_;
  const std::shared_ptr<tooz::MemoryStore> store_;
  const bool tells_;  // the driver tells what has happened, not only that something has
  GroupRun run_;
  Faults faults_{.lost_request = 0.02,
                 .lost_reply = 0.02,
                 .late_request = 0.01,
                 .slow = 0.05,
                 .longest_delay = 40ms,
                 .timeout = 2s};
  std::array<Member, kNames.size()> members_;
  std::vector<SimProcess*> pids_;
  bool closing_ = false;
};

GroupRun GroupWorld::run(Env::Duration length) {
  env_.run([&] {
    const auto backend = tooz::make_memory_backend(env_, store_);
    backend->create("tooz/groups/g/", "", tooz::SessionId::kNone);
    for (std::size_t i = 0; i < members_.size(); ++i)
      start(i);
    const auto end = env_.now() + length;
    while (env_.now() < end) {
      env_.sleep_for(draw(30s), {});
      strike();
    }
    wind_up();
    Incarnations truth;
    for (const auto& entry : backend->list("tooz/groups/g/").entries)
      if (entry.key != "tooz/groups/g/") truth[entry.key.substr(14)] = entry.created;
    check(truth);
    for (auto& member : members_)
      member.thread.reset();
  });
  return run_;
}

tooz::Processes GroupWorld::processes_of(std::size_t number) {
  const auto pid = static_cast<std::int64_t>(pids_.size());
  pids_.push_back(&env_.process(std::string(kNames[number])));
  return {{"host", "boot", "all", pid, 0}, [this](const tooz::ProcessIdentity& other) {
            return std::optional(pids_.at(static_cast<std::size_t>(other.pid))->alive());
          }};
}

void GroupWorld::start(std::size_t number) {
  SimProcess& process = env_.process(std::string(kNames[number]));
  Member& member = members_[number];
  member.thread = process.spawn("main", [&, number](const std::stop_token& stop) {
    auto net =
        std::make_unique<FaultyBackend>(process, tooz::make_memory_backend(env_, store_), faults_);
    net->set_tells(tells_);
    member.net = net.get();
    tooz::Coordinator coordinator(process, {std::move(net), processes_of(number), {}},
                                  {.member_id = process.name(),
                                   .lease = kLease,
                                   .on_rejoined = [this](const tooz::Lost&) { ++run_.rejoined; }});
    member.coordinator = &coordinator;
    live(member, process, stop);
    member.net = nullptr;
  });
}

void GroupWorld::live(Member& member, SimProcess& process, const std::stop_token& stop) {
  auto follower =
      process.spawn("follower", [&](const std::stop_token& end) { follow(member, end); });
  while (process.sleep_for(draw(5s), stop)) {
    try {
      act(member);
    } catch (const tooz::Error&) {
      ++run_.unreachable;
    }
  }
}

void GroupWorld::act(Member& member) {
  tooz::Coordinator& coordinator = *member.coordinator;
  if (!member.in) {
    member.in = coordinator.join(kGroup, member.said);
    if (member.in) ++run_.joins;
    if (!member.in) run_.violation = "a member was refused its own id";
  } else if (const auto what = env_.random() % 10; closing_ ? member.spoke_last : what < 5) {
    coordinator.view(kGroup);
  } else if (closing_ || what < 8) {
    if (!coordinator.update_capabilities(kGroup, member.said + 1)) return;
    ++member.said;
    member.spoke_last = closing_;
  } else {
    member.in = false;
    coordinator.leave(kGroup);
    ++run_.leaves;
  }
}

void GroupWorld::follow(Member& member, const std::stop_token& stop) {
  member.followed.clear();
  while (!stop.stop_requested()) {
    const auto change = member.coordinator->next_change(kGroup, stop);
    if (change.gap) ++run_.gaps;
    for (const auto& event : change.events)
      if (event.kind == tooz::GroupEvent::Kind::kJoined)
        note(member.followed.emplace(event.member.id, event.member.incarnation).second,
             event.member.id + " joined twice");
      else if (event.kind == tooz::GroupEvent::Kind::kLeft)
        note(member.followed.erase(event.member.id) == 1, event.member.id + " left twice");
    Incarnations shown;
    for (const auto& one : change.members)
      shown.emplace(one.id, one.incarnation);
    note(stop.stop_requested() || shown == member.followed, "a report leads elsewhere");
  }
}

void GroupWorld::strike() {
  const auto number = env_.random() % members_.size();
  FaultyBackend* net = members_[number].net;
  const auto until = env_.now() + draw(40s);
  const auto kind = env_.random() % 100;
  if (net && kind < 50)
    net->partition_until(until);
  else if (kind < 75)
    env_.process(std::string(kNames[number])).freeze_until(until);
  else if (kind < 77 && run_.kills < 2)
    restart(number);
}

void GroupWorld::restart(std::size_t number) {
  Member& member = members_[number];
  env_.process(std::string(kNames[number])).kill();
  member.thread.reset();
  member.net = nullptr;
  member.in = false;
  ++run_.kills;
  start(number);
}

void GroupWorld::wind_up() {
  closing_ = true;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    env_.process(std::string(kNames[i])).freeze_until(env_.now());
    if (!members_[i].net) continue;
    members_[i].net->partition_until(env_.now());
    members_[i].net->set_faults({});
  }
  env_.sleep_for(2 * kLease + 10s, {});
}

void GroupWorld::check(const Incarnations& truth) {
  const auto backend = tooz::make_memory_backend(env_, store_);
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    const std::string name(kNames[i]);
    if (!truth.contains(name)) run_.violation = name + " is not in the group";
    if (member.followed != truth) run_.violation = name + "'s reports do not add up";
    Incarnations seen;
    for (const auto& one : member.coordinator->view(kGroup).members) {
      seen[one.id] = one.incarnation;
      if (one.id == name && *one.capabilities != tooz::Value(member.said))
        run_.violation = name + " has other capabilities than it said";
    }
    if (seen != truth) run_.violation = name + "'s view is wrong";
  }
}

}  // namespace

GroupRun run_group_world(std::uint64_t seed, Env::Duration length) {
  return GroupWorld(seed).run(length);
}

}  // namespace sim
