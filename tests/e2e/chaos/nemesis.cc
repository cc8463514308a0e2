#include "tests/e2e/chaos/nemesis.h"

#include <algorithm>
#include <iostream>
#include <sstream>

namespace e2e {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostBroken = 3;
constexpr const char* kDatabase = "database";

std::string numbered(const std::string& prefix, std::size_t i) {
  return prefix + std::to_string(i + 1);
}

}  // namespace

Nemesis::Nemesis(ChaosSite& site, Load& load, std::uint64_t seed, Weights w)
    : env_(base::system_env()),
      site_(site),
      load_(load),
      chance_(seed),
      troubles_{{"conductor killed", w.kill_conductor, &Nemesis::kill_conductor},
                {"conductor stopped (SIGSTOP)", w.stop_conductor, &Nemesis::stop_conductor},
                {"conductor cut off", w.cut_conductor, &Nemesis::cut_conductor},
                {"conductor ended (SIGTERM)", w.end_conductor, &Nemesis::end_conductor},
                {"API killed", w.kill_api, &Nemesis::kill_api},
                {"API stopped (SIGSTOP)", w.stop_api, &Nemesis::stop_api},
                {"API cut off", w.cut_api, &Nemesis::cut_api},
                {"etcd member killed", w.kill_etcd, &Nemesis::kill_etcd},
                {"etcd member stopped (SIGSTOP)", w.stop_etcd, &Nemesis::stop_etcd},
                {"database killed", w.kill_database, &Nemesis::kill_database},
                {"database stopped (SIGSTOP)", w.stop_database, &Nemesis::stop_database}},
      begin_(env_.now()) {}

Nemesis::Duration Nemesis::between(milliseconds least, milliseconds most) {
  const auto range = static_cast<std::uint64_t>((most - least).count());
  return least + milliseconds(dice(range + 1));
}

void Nemesis::say(const std::string& what) {
  const auto at = std::chrono::duration_cast<milliseconds>(env_.now() - begin_).count();
  std::cout << "  " << at / 1000 << "." << at / 100 % 10 << " s: " << what << std::endl;
}

void Nemesis::run(base::Env::TimePoint until) {
  while (env_.now() < until) {
    if (broken_.size() < kMostBroken) make_trouble();
    pause(between(100ms, 900ms));
    look_after_all();
  }
  while (!healings_.empty())
    pause(100ms);
  look_after_all();
}

void Nemesis::look_after_all() {
  for (std::size_t i = 0; i < ChaosSite::kConductors; ++i)
    look_after(site_.conductor(i), [this, i] { site_.start_conductor(i); });
  for (std::size_t i = 0; i < ChaosSite::kApis; ++i)
    look_after(site_.api_member(i), [this, i] { site_.start_api(i); });
}

void Nemesis::look_after(ChaosMember& member, const std::function<void()>& start) {
  if (!whole(member.name()) || member.running()) return;
  const int code = member.process().wait(0s).value_or(-1);
  fallen_.push_back(member.name() + " with code " + std::to_string(code));
  say(fallen_.back() + " ended by itself");
  start();
}

void Nemesis::pause(Duration duration) {
  const auto until = env_.now() + duration;
  do {
    heal_due(env_.now());
    env_.sleep_until(std::min(until, env_.now() + 50ms), {});
  } while (env_.now() < until);
}

void Nemesis::heal_due(base::Env::TimePoint now) {
  std::vector<Healing> due;
  std::erase_if(healings_, [&](Healing& each) {
    if (each.due > now) return false;
    due.push_back(std::move(each));
    return true;
  });
  for (const Healing& each : due) {
    each.heal();
    broken_.erase(each.whom);
  }
}

void Nemesis::heal_later(const std::string& whom, Duration after, std::function<void()> heal) {
  broken_.insert(whom);
  healings_.push_back({env_.now() + after, whom, std::move(heal)});
}

std::optional<std::size_t> Nemesis::whole_one(const std::string& prefix, std::size_t count) {
  const std::size_t first = dice(count);
  for (std::size_t i = 0; i < count; ++i)
    if (whole(numbered(prefix, (first + i) % count))) return (first + i) % count;
  return std::nullopt;
}

void Nemesis::make_trouble() {
  int all = 0;
  for (const Trouble& each : troubles_)
    all += each.weight;
  auto left = static_cast<int>(dice(static_cast<std::uint64_t>(all)));
  for (const Trouble& each : troubles_) {
    left -= each.weight;
    if (left >= 0) continue;
    if ((this->*each.make)()) ++done_[each.name];
    return;
  }
}

/// Something of a kind by chance is asked for, so that it is under way when somebody dies.
void Nemesis::work_for(std::size_t conductor) {
  constexpr std::array kKinds = {Asked::Kind::kStart, Asked::Kind::kStart, Asked::Kind::kAbort,
                                 Asked::Kind::kReapply};
  const Asked::Kind kind = kKinds.at(dice(kKinds.size()));
  load_.burst(kind, 20);
  const std::string& owner = site_.conductor(conductor).name();
  if (whole(kDatabase)) eventually([&] { return operations_of(owner, name(kind)) > 0; }, 2s);
  if (kind == Asked::Kind::kStart) pause(between(0ms, 600ms));
}

/// Operations of the conductor's present incarnation.
int Nemesis::operations_of(const std::string& conductor, std::string_view kind) {
  std::istringstream rows(site_.sql(
      "SELECT incarnation, count(*) FROM cc_operation WHERE owner = '" + conductor +
      "' AND kind LIKE '" + std::string(kind) + "' AND incarnation <> '' GROUP BY incarnation"));
  int count = 0;
  for (std::string row; std::getline(rows, row);) {
    const auto bar = row.find('|');
    if (bar != std::string::npos && !dead_.contains(row.substr(0, bar)))
      count += std::stoi(row.substr(bar + 1));
  }
  return count;
}

/// It is stopped first, so that what is counted is what it dies with.
bool Nemesis::kill_conductor() {
  const auto i = whole_one("c", ChaosSite::kConductors);
  if (!i) return false;
  work_for(*i);
  ChaosMember& member = site_.conductor(*i);
  member.process().freeze();
  int lost = 0;
  if (whole(kDatabase)) {
    lost = operations_of(member.name(), "%");
    std::istringstream rows(site_.sql(
        "SELECT DISTINCT incarnation FROM cc_operation WHERE owner = '" + member.name() + "'"));
    for (std::string row; std::getline(rows, row);)
      dead_.insert(row);
  }
  member.process().signal(SIGKILL);
  member.process().wait(10s);
  if (lost > 0) ++kills_at_work_;
  operations_killed_ += lost;
  say(member.name() + " killed with " + std::to_string(lost) + " operations");
  heal_later(member.name(), between(100ms, 5s), [this, i] { site_.start_conductor(*i); });
  return true;
}

bool Nemesis::stop_conductor() {
  const auto i = whole_one("c", ChaosSite::kConductors);
  if (!i || !site_.conductor(*i).running()) return false;
  work_for(*i);
  site_.conductor(*i).process().freeze();
  const Duration length = between(500ms, 8s);
  say(site_.conductor(*i).name() + " stopped");
  heal_later(site_.conductor(*i).name(), length,
             [this, i] { site_.conductor(*i).process().thaw(); });
  return true;
}

bool Nemesis::cut_conductor() {
  using Cut = ChaosMember::Cut;
  const auto i = whole_one("c", ChaosSite::kConductors);
  if (!i) return false;
  constexpr std::array<std::pair<Cut, const char*>, 4> kCuts{{{Cut::kEtcd, "etcd"},
                                                              {Cut::kDatabase, "the database"},
                                                              {Cut::kIronic, "Ironic"},
                                                              {Cut::kAll, "all"}}};
  const auto& [cut, from] = kCuts.at(dice(kCuts.size()));
  site_.conductor(*i).cut(cut);
  say(site_.conductor(*i).name() + " cut off from " + from);
  heal_later(site_.conductor(*i).name(), between(1s, 8s),
             [this, i] { site_.conductor(*i).pass(); });
  return true;
}

bool Nemesis::end_conductor() {
  const auto i = whole_one("c", ChaosSite::kConductors);
  if (!i) return false;
  work_for(*i);
  say(site_.conductor(*i).name() + " told to end");
  site_.conductor(*i).process().signal(SIGTERM);
  heal_later(site_.conductor(*i).name(), between(2s, 4s), [this, i] {
    site_.conductor(*i).process().stop(20s);
    site_.start_conductor(*i);
  });
  return true;
}

bool Nemesis::kill_api() {
  const auto i = whole_one("api-", ChaosSite::kApis);
  if (!i) return false;
  ChaosMember& member = site_.api_member(*i);
  member.process().signal(SIGKILL);
  member.process().wait(10s);
  say(member.name() + " killed");
  heal_later(member.name(), between(100ms, 4s), [this, i] { site_.start_api(*i); });
  return true;
}

bool Nemesis::stop_api() {
  const auto i = whole_one("api-", ChaosSite::kApis);
  if (!i || !site_.api_member(*i).running()) return false;
  site_.api_member(*i).process().freeze();
  say(site_.api_member(*i).name() + " stopped");
  heal_later(site_.api_member(*i).name(), between(500ms, 5s),
             [this, i] { site_.api_member(*i).process().thaw(); });
  return true;
}

bool Nemesis::cut_api() {
  const auto i = whole_one("api-", ChaosSite::kApis);
  if (!i) return false;
  site_.api_member(*i).cut(ChaosMember::Cut::kAll);
  say(site_.api_member(*i).name() + " cut off");
  heal_later(site_.api_member(*i).name(), between(1s, 6s),
             [this, i] { site_.api_member(*i).pass(); });
  return true;
}

/// One member at a time: two of three would be an outage of all, which has tests of its own.
bool Nemesis::kill_etcd() {
  if (!whole("etcd")) return false;
  const std::size_t i = dice(support::EtcdCluster::kMembers);
  site_.etcd().kill(i);
  say(numbered("etcd ", i) + " killed");
  heal_later("etcd", between(500ms, 5s), [this, i] { site_.etcd().start(i); });
  return true;
}

bool Nemesis::stop_etcd() {
  if (!whole("etcd")) return false;
  const std::size_t i = dice(support::EtcdCluster::kMembers);
  site_.etcd().pause(i);
  say(numbered("etcd ", i) + " stopped");
  heal_later("etcd", between(500ms, 5s), [this, i] { site_.etcd().resume(i); });
  return true;
}

bool Nemesis::kill_database() {
  if (!whole(kDatabase)) return false;
  site_.postgresql().kill();
  say("the database killed");
  heal_later(kDatabase, between(500ms, 5s), [this] { site_.postgresql().start(); });
  return true;
}

bool Nemesis::stop_database() {
  if (!whole(kDatabase)) return false;
  site_.postgresql().pause();
  say("the database stopped");
  heal_later(kDatabase, between(500ms, 4s), [this] { site_.postgresql().resume(); });
  return true;
}

}  // namespace e2e
