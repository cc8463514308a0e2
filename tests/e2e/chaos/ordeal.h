#pragma once
#include "tests/e2e/chaos/judge.h"

#include <optional>
#include <string>
#include <vector>

namespace e2e {

std::uint64_t number_from_environment(const char* variable, std::uint64_t otherwise);
std::string joined(const std::vector<std::string>& lines);

/// A site under load, and what is expected of it at the end, as rows of a table in the output.
/// TOOZ_CHAOS_SECONDS sets how long the trouble lasts, TOOZ_CHAOS_SEED repeats its order.
class Ordeal : public ChaosSite {
 protected:
  Ordeal();

  void begin_load(double rate);
  /// Peace, until all that was accepted has ended.
  void end_load();
  /// begin_load(), trouble for `length_` and longer while it is not enough(), end_load().
  void trouble(double rate, const Nemesis::Weights& weights);
  virtual bool enough() const { return true; }

  static void table();
  static void row(const std::string& what, long figure);
  void show_answers() const;

  void nothing_was_lost() const;
  void ironic_was_asked_as_allowed() const;
  /// Returns how many stale ones were refused.
  long writes_were_fenced() const;
  void gates_are_closed() const;

  static constexpr int kNodes = 1000;
  const std::uint64_t seed_;
  seconds length_;
  std::optional<Load> load_;
  std::optional<Nemesis> nemesis_;
};

}  // namespace e2e
