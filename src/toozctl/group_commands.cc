#include <boost/json.hpp>
#include <iostream>

#include "tooz/driver.h"
#include "tooz/hash_ring.h"
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
  print_line("joined");
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

void print_event(const char* event, const std::string& group, const tooz::Member& member,
                 bool gap) {
  json::object text{{"event", event}, {"group", group}, {"member", member.id}};
  if (std::string_view(event) != "left") text["capabilities"] = shown(*member.capabilities);
  if (gap) text["gap"] = true;
  print_line(json::serialize(text));
}

int watch(base::Env& env, tooz::Coordinator& coordinator, const CommandLine& line) {
  const std::string& group = line.arguments[0];
  const UntilSignal until(env);
  coordinator.view(group);  // tells at once that there is no such group
  const auto leaders = env.spawn("leaders", [&](std::stop_token stop) {
    auto election = coordinator.election(group);
    std::optional<std::string> leader;
    while (!stop.stop_requested() && !until.token().stop_requested()) {
      const auto next = election.next_leader(leader, until.token());
      if (next != leader && !until.token().stop_requested())
        print_line(json::serialize(json::object{{"event", "leader"},
                                                {"group", group},
                                                {"member", next ? json::value(*next) : nullptr}}));
      leader = next;
    }
  });
  while (!until.token().stop_requested()) {
    const auto change = coordinator.next_change(group, until.token());
    for (const auto& member : change.left)
      print_event("left", group, member, change.gap);
    for (const auto& member : change.joined)
      print_event("joined", group, member, change.gap);
    for (const auto& member : change.changed)
      print_event("changed", group, member, change.gap);
  }
  return kDone;
}

int leader(tooz::Coordinator& coordinator, const CommandLine& line) {
  const auto id = coordinator.election(line.arguments[0]).leader();
  if (line.has("json"))
    print_line(json::serialize(json::object{{"leader", id ? json::value(*id) : nullptr}}));
  else if (id)
    print_line(*id);
  return negative(id.has_value(), "no leader at this moment");
}

unsigned weight_of(const tooz::Member& member) {
  const auto* weight = member.capabilities->find("weight");
  const auto* number = weight == nullptr ? nullptr : weight->integer();
  return number == nullptr || *number < 0 || *number > 1000 ? 1 : static_cast<unsigned>(*number);
}

int ring(tooz::Coordinator& coordinator, const CommandLine& line) {
  tooz::HashRing hash_ring;
  for (const auto& member : coordinator.view(line.arguments[0]).members)
    hash_ring.set_node(member.id, weight_of(member));
  json::array all;
  for (std::size_t i = 1; i < line.arguments.size(); ++i) {
    const auto owners = hash_ring.owners(line.arguments[i]);
    if (owners.empty()) return negative(false, "the group has no member");
    if (line.has("json"))
      all.push_back({{"key", line.arguments[i]}, {"member", owners.front()}});
    else
      print_line(line.arguments[i] + "\t" + owners.front());
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
  if (line.has("json")) print_line(json::serialize(all));
  return kDone;
}

int run_group_command(base::Env& env, const CommandLine& line) {
  auto coordinator = connect(env, line);
  const std::string& command = line.command;
  if (command == "groups") return list_groups(coordinator, line);
  const std::string& group = line.arguments[0];
  if (command == "create")
    return negative(coordinator.create_group(group), "group " + group + " exists");
  if (command == "delete")
    return negative(coordinator.remove_group(group),
                    "group " + group + " does not exist, or has members");
  if (command == "join") return join(env, coordinator, line);
  if (command == "members") return members(coordinator, line);
  if (command == "watch") return watch(env, coordinator, line);
  if (command == "leader") return leader(coordinator, line);
  return ring(coordinator, line);
}

int run(base::Env& env, const CommandLine& line) {
  if (line.command == "drivers") return list_drivers(line);
  if (line.command == "lock") return run_lock(env, line);
  if (line.command == "break") return break_lock(env, line);
  if (line.command == "elect") return run_elect(env, line);
  return run_group_command(env, line);
}

}  // namespace toozctl
