#include "tests/sim/cluster/judged_locks.h"

namespace sim {
namespace {

using base::Env;
using inspector::NodeLock;
using inspector::NodeLocks;

class JudgedHeld final : public NodeLock::Held {
 public:
  JudgedHeld(Env& env, NodeLock inner, std::string who, std::shared_ptr<LockJudge> judge)
      : env_(env),
        inner_(std::move(inner)),
        who_(std::move(who)),
        judge_(std::move(judge)),
        granted_(env_.now()) {}

  const tooz::Token& token() const noexcept override { return inner_.token(); }
  Env::Duration remaining() const noexcept override {
    const auto asked = env_.now();
    const auto left = inner_.remaining();
    if (left > Env::Duration::zero()) judge_->look({who_}, token(), granted_, asked);
    return left;
  }
  std::stop_token lost() const noexcept override { return inner_.lost(); }

 private:
  Env& env_;
  const NodeLock inner_;
  const std::string who_;
  const std::shared_ptr<LockJudge> judge_;
  const Env::TimePoint granted_;
};

class JudgedLocks final : public NodeLocks {
 public:
  JudgedLocks(Env& env, std::string who, NodeLocks& inner, LockJudges& judges)
      : env_(env), who_(std::move(who)), inner_(inner), judges_(judges) {}

  std::optional<NodeLock> try_acquire(std::string_view uuid) override {
    return judged(uuid, inner_.try_acquire(uuid));
  }
  std::optional<NodeLock> acquire(std::string_view uuid, Env::TimePoint deadline,
                                  std::stop_token stop) override {
    return judged(uuid, inner_.acquire(uuid, deadline, std::move(stop)));
  }

 private:
  std::optional<NodeLock> judged(std::string_view uuid, std::optional<NodeLock> lock) {
    if (!lock) return std::nullopt;
    return NodeLock(std::make_unique<JudgedHeld>(env_, *std::move(lock), who_, judges_.of(uuid)));
  }

  Env& env_;
  const std::string who_;
  NodeLocks& inner_;
  LockJudges& judges_;
};

}  // namespace

std::shared_ptr<LockJudge> LockJudges::of(std::string_view name) {
  auto& judge = judges_[std::string(name)];
  if (!judge) judge = std::make_shared<LockJudge>();
  return judge;
}

std::string LockJudges::violation() const {
  for (const auto& [name, judge] : judges_)
    if (const std::string found = judge->violation(); !found.empty())
      return "lock of node " + name + ": " + found;
  return {};
}

std::unique_ptr<NodeLocks> judged_locks(Env& env, std::string who, NodeLocks& inner,
                                        LockJudges& judges) {
  return std::make_unique<JudgedLocks>(env, std::move(who), inner, judges);
}

}  // namespace sim
