#include "sim/history/history.h"

#include <stdexcept>

#include "sim/history/linearizable.h"
#include "sim/history/lock_order.h"
#include "sim/history/models.h"

namespace sim {

void History::add(const std::string& name, const Call<LockUse>& call) {
  const std::lock_guard lock(mutex_);
  of_[name].lock.push_back(call);
}

std::size_t History::begin(const std::string& name, const Access& wanted) {
  const Moment begun = now();
  const std::lock_guard lock(mutex_);
  auto& calls = of_[name].cell;
  calls.push_back({wanted, begun});
  return calls.size() - 1;
}

void History::end(const std::string& name, std::size_t call, const Access& answered) {
  const Moment ended = now();
  const std::lock_guard lock(mutex_);
  Call<Access>& its = of_.at(name).cell.at(call);
  its.op = answered;
  its.ended = ended;
}

std::map<std::string, History::Of> History::all() const {
  const std::lock_guard lock(mutex_);
  return of_;
}

std::string judge(const History& history) {
  for (const auto& [name, of] : history.all()) {
    if (const auto wrong = lock_violation(of.lock); !wrong.empty()) return name + ": " + wrong;
    const auto verdict = linearizable<RegisterModel>(of.cell);
    if (verdict == Verdict::kUndecided)
      throw std::runtime_error(name + ": the register's history is too long to be judged");
    if (verdict == Verdict::kNo)
      return name + ": no order of the register's calls explains their answers";
  }
  return {};
}

}  // namespace sim
