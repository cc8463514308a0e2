#pragma once
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "sim/history/history.h"

namespace sim {

enum class Verdict { kYes, kNo, kUndecided };

/// Whether calls that overlapped can be put into one order in which each has happened between its
/// beginning and its end and `Model` explains all answers. Porcupine's algorithm: takes the calls
/// that may come next, one after the other, remembers where it has been, and goes back when an
/// answer would have come before its call.
///
/// `Model` has Op, State (with an order; its default is the beginning), after(), unheard() and
/// is_over(): see models.h. Calls without an answer are optional, and are only tried where they
/// change something; those that are over make no difference to where the search has been.
template <class Model>
class Search {
 public:
  using Calls = std::vector<Call<typename Model::Op>>;
  using State = typename Model::State;

  explicit Search(const Calls& calls) : calls_(calls), taken_((calls.size() + 63) / 64) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      events_.push_back({calls[i].begun, i, false, 0, 0});
      if (calls[i].ended == kNever) {
        unanswered_.push_back(i);
        continue;
      }
      events_.push_back({calls[i].ended, i, true, 0, 0});
      ++answered_;
    }
    std::ranges::sort(events_, {}, &Event::when);
    link();
  }

  /// kUndecided after `most` steps.
  Verdict run(std::size_t most) {
    for (std::size_t at = next(0); answered_ > 0; --most) {
      if (most == 0) return Verdict::kUndecided;
      if (at != 0 && !events_[at - 1].is_end) {
        at = take(at) ? next(0) : next(at);
      } else {
        if (way_.empty()) return Verdict::kNo;
        at = next(untake());
      }
    }
    return Verdict::kYes;
  }

 private:
  /// Positions in the list are indices into `events_` plus one; 0 is the list's head and its end.
  struct Event {
    Moment when;
    std::size_t call;
    bool is_end;
    std::size_t before, after;
  };
  struct Step {
    std::size_t at;
    State state;  ///< before it
  };

  void link() {
    end_of_.assign(calls_.size(), 0);
    for (std::size_t i = 0; i < events_.size(); ++i) {
      events_[i].before = i;
      events_[i].after = i + 2;
      if (events_[i].is_end) end_of_[events_[i].call] = i + 1;
    }
    if (!events_.empty()) events_.back().after = 0;
    head_ = {0, 0, false, events_.size(), events_.empty() ? 0U : 1U};
  }
  Event& at(std::size_t position) { return position == 0 ? head_ : events_[position - 1]; }
  std::size_t next(std::size_t position) { return at(position).after; }
  void cut(std::size_t position) {
    const Event& event = at(position);
    at(event.before).after = event.after;
    at(event.after).before = event.before;
  }
  void put_back(std::size_t position) {
    const Event& event = at(position);
    at(event.before).after = position;
    at(event.after).before = position;
  }
  void flip(std::size_t call) { taken_[call / 64] ^= std::uint64_t{1} << (call % 64); }

  bool take(std::size_t position) {
    const std::size_t call = at(position).call;
    const bool heard = end_of_[call] != 0;
    const auto after = heard ? Model::after(state_, calls_[call].op)
                             : std::optional(Model::unheard(state_, calls_[call].op));
    if (!after || (!heard && *after == state_)) return false;
    flip(call);
    if (!seen_.emplace(what_matters(*after), *after).second) {
      flip(call);
      return false;
    }
    way_.push_back({position, std::exchange(state_, *after)});
    cut(position);
    if (!heard) return true;
    cut(end_of_[call]);
    --answered_;
    return true;
  }

  std::vector<std::uint64_t> what_matters(const State& state) const {
    auto bits = taken_;
    for (const std::size_t call : unanswered_)
      if (Model::is_over(state, calls_[call].op))
        bits[call / 64] |= std::uint64_t{1} << (call % 64);
    return bits;
  }

  std::size_t untake() {
    const Step step = way_.back();
    way_.pop_back();
    const std::size_t call = at(step.at).call;
    state_ = step.state;
    flip(call);
    if (end_of_[call] != 0) {
      put_back(end_of_[call]);
      ++answered_;
    }
    put_back(step.at);
    return step.at;
  }

  const Calls& calls_;
  std::vector<Event> events_;
  std::vector<std::size_t> end_of_;  ///< where a call's end stands; 0: nowhere
  std::vector<std::size_t> unanswered_;
  Event head_{};
  std::size_t answered_ = 0;  ///< calls with an answer that are not taken
  State state_{};
  std::vector<std::uint64_t> taken_;
  std::vector<Step> way_;
  std::set<std::pair<std::vector<std::uint64_t>, State>> seen_;
};

template <class Model>
Verdict linearizable(const std::vector<Call<typename Model::Op>>& calls,
                     std::size_t most_steps = 2'000'000) {
  return Search<Model>(calls).run(most_steps);
}

}  // namespace sim
