#include <boost/json.hpp>
#include <functional>
#include <iostream>

#include "tooz/driver.h"
#include "tooz/value.h"
#include "toozctl/commands.h"
#include "toozctl/session.h"

namespace toozctl {
namespace {

namespace json = boost::json;

json::value shown(const tooz::Value& value) { return json::parse(tooz::to_json(value)); }

int list_groups(tooz::Coordinator& coordinator, const CommandLine& line) {
  const auto groups = coordinator.groups();
  if (line.has("json")) {
    print_line(json::serialize(json::value_from(groups)));
    return kDone;
  }
  for (const auto& group : groups)
    print_line(group);
  return kDone;
}

int negative(bool done, const std::string& otherwise) {
  if (done) return kDone;
  std::cerr << "toozctl: " << otherwise << "\n";
  return kNegative;
}

// The answer to a question whether it was done: what `verb` says as JSON, if wanted.
int answer(const CommandLine& line, bool done, const std::string& verb,
           const std::string& otherwise) {
  if (line.has("json")) print_line(json::serialize(json::object{{verb, done}}));
  return negative(done, otherwise);
}

int join(base::Env& env, tooz::Coordinator& coordinator, const CommandLine& line) {
  tooz::Value capabilities = tooz::Value::Map{};
  if (const auto it = line.options.find("capabilities"); it != line.options.end()) {
    try {
      capabilities = tooz::from_json(it->second);
    } catch (const tooz::BadValue& e) {
      throw UsageError(std::string("--capabilities: ") + e.what());
    }
  }
  const UntilSignal until(env);
  if (!coordinator.join(line.arguments[0], capabilities))
    return negative(false, "a live process is member " + member_id(line) + " already");
  print_line(line.has("json") ? json::serialize(json::object{{"event", "joined"},
                                                             {"group", line.arguments[0]},
                                                             {"member", member_id(line)}})
                              : "joined");
  env.sleep_until(base::Env::TimePoint::max(), until.token());
  coordinator.leave(line.arguments[0]);
  return kDone;
}

int members(tooz::Coordinator& coordinator, const CommandLine& line) {
  const auto view = coordinator.view(line.arguments[0]);
  json::array all;
  for (const auto& member : view.members) {
    if (line.has("json"))
      all.push_back({{"member", member.id}, {"capabilities", shown(*member.capabilities)}});
    else
      print_line(member.id);
  }
  if (line.has("json")) print_line(json::serialize(all));
  return kDone;
}

// One line of JSON for each event of a group, until a signal comes or nobody reads them any more.
class Watching {
 public:
  Watching(base::Env& env, tooz::Coordinator& coordinator, std::string group)
      : env_(env), coordinator_(coordinator), group_(std::move(group)), until_(env) {}

  int run() {
    coordinator_.view(group_);  // tells at once that there is no such group
    const auto leaders = env_.spawn("leaders", [this](const std::stop_token&) {
      auto election = coordinator_.election(group_);
      std::optional<std::string> leader;
      go_on([&](const std::stop_token& stop) { next_leader(election, leader, stop); });
    });
    go_on([&](const std::stop_token& stop) { next_change(stop); });
    return kDone;
  }

 private:
  void go_on(const std::function<void(const std::stop_token&)>& step) {
    const std::stop_token stop = until_.token();
    Outage outage(env_);
    while (!stop.stop_requested()) {
      try {
        step(stop);
        outage.over();
      } catch (const std::exception& e) {
        outage.sit_out(e, stop);
      }
    }
  }

  void next_leader(tooz::Election& election, std::optional<std::string>& leader,
                   const std::stop_token& stop) {
    const auto next = election.next_leader(leader, stop);
    if (next != leader)
      print({{"event", "leader"},
             {"group", group_},
             {"member", next ? json::value(*next) : json::value(nullptr)}});
    leader = next;
  }

  void next_change(const std::stop_token& stop) {
    const auto change = coordinator_.next_change(group_, stop);
    for (const tooz::GroupEvent& event : change.events)
      tell(event);
  }

  void tell(const tooz::GroupEvent& event) {
    using Kind = tooz::GroupEvent::Kind;
    const bool left = event.kind == Kind::kLeft;
    const std::string_view name = left                          ? "left"
                                  : event.kind == Kind::kJoined ? "joined"
                                                                : "changed";
    json::object text{{"event", name}, {"group", group_}, {"member", event.member.id}};
    if (!left) text["capabilities"] = shown(*event.member.capabilities);
    if (event.gap) text["gap"] = true;
    print(text);
  }

  void print(const json::object& text) {
    if (!print_line(json::serialize(text))) until_.request_stop();
  }

  base::Env& env_;
  tooz::Coordinator& coordinator_;
  const std::string group_;
  UntilSignal until_;
};

int leader(tooz::Coordinator& coordinator, const CommandLine& line) {
  const auto id = coordinator.election(line.arguments[0]).leader();
  if (line.has("json"))
    print_line(json::serialize(json::object{{"leader", id ? json::value(*id) : nullptr}}));
  else if (id)
    print_line(*id);
  return negative(id.has_value(), "no leader at this moment");
}

int ring(tooz::Coordinator& coordinator, const CommandLine& line) {
  const auto partition = coordinator.partition(line.arguments[0]);
  json::array all;
  for (std::size_t i = 1; i < line.arguments.size(); ++i) {
    const auto owner = partition->owner(line.arguments[i]);
    if (!owner) return negative(false, "the group has no member");
    if (line.has("json"))
      all.push_back({{"key", line.arguments[i]}, {"member", *owner}});
    else
      print_line(line.arguments[i] + "\t" + *owner);
  }
  if (line.has("json")) print_line(json::serialize(all));
  return kDone;
}

const char* yes_no(bool value) { return value ? "yes" : "no"; }

}  // namespace

int list_drivers(const CommandLine& line) {
  json::array all;
  if (!line.has("json"))
    print_line(
        "scheme\tsurvives restart\tlinearizable\tnotifies\tevicts\tacross hosts\tmost bytes");
  for (const auto& driver : tooz::drivers()) {
    const auto& f = driver.features;
    if (line.has("json"))
      all.push_back({{"scheme", driver.scheme},
                     {"survives_restart", f.survives_restart},
                     {"linearizable", f.linearizable},
                     {"notifies", f.notifies},
                     {"evicts", f.evicts},
                     {"across_hosts", f.across_hosts},
                     {"max_value", f.max_value}});
    else
      print_line(std::string(driver.scheme) + "://\t" + yes_no(f.survives_restart) + "\t" +
                 yes_no(f.linearizable) + "\t" + yes_no(f.notifies) + "\t" + yes_no(f.evicts) +
                 "\t" + yes_no(f.across_hosts) + "\t" + std::to_string(f.max_value));
  }
  for (const std::string_view scheme : tooz::drivers_left_out()) {
    if (line.has("json"))
      all.push_back({{"scheme", scheme}, {"left_out", true}});
    else
      print_line(std::string(scheme) + "://\tleft out of this build");
  }
  if (line.has("json")) print_line(json::serialize(all));
  return kDone;
}

int run_group_command(base::Env& env, const CommandLine& line) {
  auto coordinator = connect(env, line);
  const std::string& command = line.command;
  if (command == "groups") return list_groups(coordinator, line);
  const std::string& group = line.arguments[0];
  if (command == "create")
    return answer(line, coordinator.create_group(group), "created", "group " + group + " exists");
  if (command == "delete")
    return answer(line, coordinator.remove_group(group), "deleted",
                  "group " + group + " does not exist, or has members");
  if (command == "join") return join(env, coordinator, line);
  if (command == "members") return members(coordinator, line);
  if (command == "watch") return Watching(env, coordinator, group).run();
  if (command == "leader") return leader(coordinator, line);
  return ring(coordinator, line);
}

int run(base::Env& env, const CommandLine& line) {
  if (line.command == "drivers") return list_drivers(line);
  if (line.command == "lock" || line.command == "semaphore") return run_lock(env, line);
  if (line.command == "break") return break_lock(env, line);
  if (line.command == "elect") return run_elect(env, line);
  if (line.command == "bench") return run_bench(env, line);
  return run_group_command(env, line);
}

}  // namespace toozctl
