#pragma once
#include "base/env.h"

#include <functional>
#include <string>
#include <vector>

/// What tests/bench/tooz_bench.cc puts into its tables. Each throws what goes wrong on the way.
namespace bench {

using base::Env;

/// Locks that nobody else wants, by one coordinator and so many threads, beside what each of them
/// costs at least: a key that is created and removed, by the same driver without the recipe. Both
/// in turns, for `slice` each; medians of `rounds`.
struct Rates {
  double locks;    ///< taken and given back, each second
  double pairs;    ///< of transactions, each second
  double percent;  ///< locks of the pairs in the same round
};
struct Work {
  std::string url;
  std::size_t threads;
  Env::Duration slice;
  int rounds;
};
Rates cycles(const Work& work);
/// Takes and gives back a lock so many times, by one thread; returns what `counter` rose by.
double counted_cycles(const std::string& url, int number, const std::function<double()>& counter);

/// From the answer to a release until the next one's acquire returns. So many wait, in four
/// coordinators; each keeps the lock for some milliseconds, as who takes a lock has something to
/// do.
struct HandOvers {
  double number;
  double median;       ///< ms
  double transaction;  ///< ms: median of one write of a key, measured just before
  double calls;        ///< of the backend for each hand-over, waits for changes included
};
HandOvers hand_overs(const std::string& url, std::size_t waiters, Env::Duration time);

/// A group of so many members, as a reader finds it.
struct Views {
  double first;  ///< ms until there is a view
  double calls;  ///< of the backend, for that; the wait for the first change not included
  double read;   ///< ns, once there is one
};
Views views(const std::string& url, std::size_t members);

/// So many coordinators with a lease of 10 s, each of them joined: what `counter` rises by in three
/// thirds of a lease, divided by members and thirds.
double crowd(const std::string& url, std::size_t members, const std::function<double()>& counter);

/// What this process costs when it holds a lease, watches ten groups it is in and has so many
/// locks.
struct Holding {
  double core;  ///< % of one
  double mib;   ///< resident
};
Holding holding(const std::string& url, std::size_t locks, Env::Duration time);

double median(std::vector<double> values);

}  // namespace bench
