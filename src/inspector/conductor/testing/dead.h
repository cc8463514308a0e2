#pragma once
#include "inspector/conductor/testing/world.h"
#include "inspector/node/changes.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace inspector::testing {

/// Writes what a conductor had written when it died.
class Dead {
 public:
  explicit Dead(World& world) : world_(world), journal_(world.store.journal) {}

  Operation operation(Operation::Kind kind, Operation::Step step) const;
  Operation start(Operation::Step step) const;
  /// A report of the waiting node, up to where the node is known.
  Operation report(Operation::Step step) const;
  /// The same whose body is the data as posted.
  void stored_report(const boost::json::object& data, const std::string& logs) const;
  void keep_set(Operation& operation, const NodeChanges& changes, const char* ending) const;
  tooz::Token token() const { return world_.locks->try_acquire(kUuid)->token(); }

 private:
  World& world_;
  Journal& journal_;
};

/// A conductor that finds what a dead one has left.
class TakeoverTest : public ::testing::Test {
 protected:
  static constexpr base::Env::Duration kLook = std::chrono::seconds(4);  ///< then it has looked

  static void in_world(const std::function<void(World&, const Dead&)>& body,
                       WorldOptions options = {});
  /// How often Ironic was asked for exactly this.
  static std::size_t count(World& world, const std::string& request);
  static std::size_t reboots(World& world);
  static std::size_t power_offs(World& world);
  static const JournalCounters& counters(World& world) { return world.store.journal.counters; }
  static void set_power_target(World& world, boost::json::value target);
};

}  // namespace inspector::testing
