#include "tooz/recipes/group_watch.h"

#include "base/log.h"
#include "base/retry.h"
#include "tooz/recipes/any_stop.h"
#include "tooz/recipes/names.h"
#include "tooz/value.h"

namespace tooz {
namespace {

using std::chrono::seconds;
constexpr auto kFirstPause = std::chrono::milliseconds(100);
constexpr auto kLongestPause = seconds(2);
constexpr auto kListAgain = seconds(5);  ///< whatever the backend tells: so old as_of gets
constexpr auto kLookAgain = seconds(60);

bool same(const Member& a, const Member& b) {
  return a.capabilities == b.capabilities || *a.capabilities == *b.capabilities;
}

}  // namespace

GroupWatch::GroupWatch(std::shared_ptr<Core> core, std::string group)
    : core_(std::move(core)),
      group_(std::move(group)),
      prefix_(group_key(group_)),
      thread_(core_->env.spawn("tooz-group", [this](const std::stop_token& stop) { run(stop); })) {}

View GroupWatch::view() {
  const auto stopping = core_->stopping.get_token();
  Broadcast::Ticket ticket(core_->env, changed_);
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      const bool good = listed_ && (shown_ >= wanted_ || failure_);
      if (good && !exists_) throw Error(Errc::kNoSuchGroup, group_);
      if (good) {
        View view{{}, as_of_};
        for (const auto& [id, member] : members_)
          view.members.push_back(member);
        return view;
      }
      if (failure_) throw Error(*failure_);
    }
    if (stopping.stop_requested()) throw Error(Errc::kSessionLost, "the coordinator has stopped");
    ticket.wait_until(core_->env.now() + kLookAgain, stopping);
  }
}

void GroupWatch::refresh() {
  std::stop_source wait = [this] {
    const std::lock_guard lock(mutex_);
    wanted_ = begun_ + 1;
    return wait_;
  }();
  wait.request_stop();
}

GroupChange GroupWatch::next_change(std::stop_token stop) {
  const AnyStop end(std::move(stop), core_->stopping.get_token());
  Broadcast::Ticket ticket(core_->env, changed_);
  while (!end.requested()) {
    if (auto change = take_change()) return std::move(*change);
    ticket.wait_until(core_->env.now() + kLookAgain, end.token());
  }
  return {};
}

// None: nothing differs from what was reported.
std::optional<GroupChange> GroupWatch::take_change() {
  GroupChange change;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, old] : reported_) {
    const auto now = members_.find(id);
    if (now == members_.end() || now->second.incarnation != old.incarnation)
      change.left.push_back(old);
  }
  for (const auto& [id, member] : members_) {
    const auto old = reported_.find(id);
    if (old == reported_.end() || old->second.incarnation != member.incarnation)
      change.joined.push_back(member);
    else if (!same(old->second, member))
      change.changed.push_back(member);
  }
  if (change.left.empty() && change.joined.empty() && change.changed.empty()) return std::nullopt;
  reported_ = members_;
  change.gap = std::exchange(gap_, false);
  return change;
}

void GroupWatch::run(const std::stop_token& stop) {
  Env& env = core_->env;
  const AnyStop end(stop, core_->stopping.get_token());
  base::Backoff backoff(env, kFirstPause, kLongestPause);
  while (!end.requested()) {
    std::stop_source wait;
    {
      const std::lock_guard lock(mutex_);
      wait_ = wait;
      ++begun_;
    }
    const AnyStop until(end.token(), wait.get_token());
    try {
      const auto sent = env.now();
      const Snapshot snapshot = core_->backend->list(prefix_);
      publish(snapshot, sent);
      backoff.reset(kFirstPause);
      core_->backend->wait_change(prefix_, snapshot.at, env.now() + kListAgain, until.token());
      continue;
    } catch (const Error& error) {
      note_failure(error);
    } catch (const std::exception& error) {
      note_failure(Error(Errc::kUnreachable, error.what()));
    }
    env.sleep_for(backoff.next(), until.token());
  }
}

void GroupWatch::publish(const Snapshot& snapshot, Env::TimePoint as_of) {
  Members members;
  std::map<std::string, Revision> bad;
  bool exists = false;
  for (const Entry& entry : snapshot.entries) {
    exists = exists || entry.key == prefix_;
    if (auto member = read(entry, bad)) members.insert_or_assign(member->id, std::move(*member));
  }
  bad_ = std::move(bad);
  {
    const std::lock_guard lock(mutex_);
    listed_ = true;
    shown_ = begun_;
    exists_ = exists;
    members_ = std::move(members);
    as_of_ = as_of;
    gap_ = gap_ || (failure_ && !reported_.empty());
    failure_.reset();
  }
  changed_.notify();
}

// None: not a member, or not one that can be read; then one warning for each writing of it.
std::optional<Member> GroupWatch::read(const Entry& entry, std::map<std::string, Revision>& bad) {
  std::string id = entry.key.substr(prefix_.size());
  if (id.empty() || id.find('/') != std::string::npos) return std::nullopt;
  try {
    auto capabilities = std::make_shared<const Value>(from_msgpack(entry.value));
    return Member{std::move(id), std::move(capabilities), entry.created};
  } catch (const BadValue& error) {
    bad[entry.key] = entry.revision;
    const auto known = bad_.find(entry.key);
    if (known == bad_.end() || known->second != entry.revision)
      base::log_warning("tooz.group", "left out a member whose capabilities are not msgpack",
                        {{"key", entry.key}, {"error", error.what()}});
    return std::nullopt;
  }
}

void GroupWatch::note_failure(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = error;
  }
  changed_.notify();
}

}  // namespace tooz
