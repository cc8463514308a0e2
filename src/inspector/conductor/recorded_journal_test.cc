// What conductors of the last release have left in the database when they died, at each step of
// each kind of operation, stands in tests/recorded/journal-cc_4.json: ours go on with it. A release
// that writes the journal in another form records it beside what is there:
// TOOZ_RECORD=FILE inspector_test --gtest_filter='RecordedJournal.*'
#include "inspector/conductor/testing/recorded_rows.h"
#include "inspector/conductor/testing/world.h"
#include "inspector/processing/testing/report.h"
#include "sim/sim_env.h"
#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace inspector {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::kUuid;
using testing::World;
using testing::WorldOptions;

/// By what was under way, as `start at power`.
using Rows = std::map<std::string, json::object>;

constexpr std::uint64_t kFirst = 11, kSecond = 12, kOurs = 13;  ///< seeds of conductors

WorldOptions paced(std::size_t most_booting) {
  WorldOptions options;
  options.conductor.introspection_delay = 5s;
  options.conductor.max_booting = most_booting;
  return options;
}

WorldOptions with_boot_mode() {
  WorldOptions options;
  options.processing.boot_mode = true;
  return options;
}

/// What the database held the first time that each kind of operation stood at each step, while
/// `body` goes on in a world whose Ironic takes its time.
void watch(World& world, Rows& found, const std::string& remark,
           const std::function<void()>& body) {
  world.ironic.answer_after(world.env, 100ms);
  const auto caller = world.env.spawn("caller", [&](const std::stop_token&) { body(); });
  const auto end = world.env.after(30s);
  while (world.env.now() < end) {
    world.rest(10ms);
    std::string name;
    world.store.database.run(sql::Access::kRead, [&](sql::Transaction& t) {
      const auto rows = t.query("SELECT kind, step FROM cc_operation");
      name = rows.empty() ? "" : rows[0].text(0) + " at " + rows[0].text(1) + remark;
    });
    if (!name.empty() && !found.contains(name)) found[name] = rows_of(world.store.database);
  }
}

void in_world(std::uint64_t seed, const std::function<void(World&)>& body,
              const WorldOptions& options = {}) {
  sim::SimEnv env(seed);
  env.run([&] {
    World world(env, options);
    body(world);
  });
}

/// Until its report can come.
void until_waiting(World& world) {
  world.start();
  world.rest();
  EXPECT_EQ(world.state(), "waiting");
}

/// Behind a start of another node.
void watch_second_start(World& world, Rows& found, const std::string& remark) {
  world.ironic.add_node({{"uuid", "u-2"},
                         {"provision_state", "manageable"},
                         {"driver_info", {{"ipmi_address", "192.0.2.18"}}}});
  world.conductor().introspect("u-2", true, world.call());
  world.rest();
  watch(world, found, remark, [&] { world.start(); });
}

void watch_starts(Rows& found) {
  in_world(
      kFirst, [&](World& world) { watch_second_start(world, found, ""); }, paced(0));
  in_world(
      kFirst, [&](World& world) { watch_second_start(world, found, ", without a turn"); },
      paced(1));
  in_world(kSecond, [&](World& world) {
    insert_rows(world.store.database, found.at("start at power"));
    watch(world, found, "", [] {});
  });
  found.erase("start at accepted, without a turn");
  json::object& not_begun = found["start at accepted, not begun"] = found.at("start at accepted");
  not_begun["cc_operation"].as_array()[0].as_object()["tries"] = "-1";
}

void watch_reports(Rows& found) {
  for (const std::string logs : {"", ", with logs"}) {
    in_world(kFirst, [&](World& world) {
      until_waiting(world);
      json::object report = testing::report();
      if (logs.empty()) report.erase("logs");
      watch(world, found, logs, [&] { world.conductor().process(report, world.call()); });
    });
  }
  found.erase("process at sending, with logs");  // as without them
  // Somebody works on the node when its report comes.
  in_world(kFirst, [&](World& world) {
    until_waiting(world);
    auto lock = world.locks->try_acquire(kUuid);
    watch(world, found, "", [&] {
      const auto opener = world.env.spawn("opener", [&](const std::stop_token& stop) {
        world.env.sleep_for(2s, stop);
        lock.reset();
      });
      world.post();
    });
  });
  // A set that is too large for its row.
  in_world(
      kFirst,
      [&](World& world) {
        json::object node = testing::usual_node();
        node["properties"] = {{"capabilities", "long:" + std::string(9000, 'x')}};
        world.ironic.add_node(node);
        until_waiting(world);
        watch(world, found, "", [&] { world.post(); });
      },
      with_boot_mode());
}

void watch_the_rest(Rows& found) {
  in_world(kFirst, [&](World& world) {
    until_waiting(world);
    world.post();
    world.rest();
    const json::object data = testing::report();
    watch(world, found, "", [&] { world.conductor().reapply(kUuid, &data, world.call()); });
  });
  in_world(kFirst, [&](World& world) {
    until_waiting(world);
    watch(world, found, "", [&] { world.conductor().abort(kUuid, world.call()); });
  });
}

Rows ours() {
  Rows found;
  watch_starts(found);
  watch_reports(found);
  watch_the_rest(found);
  return found;
}

/// A row a line.
void write(const Rows& all, const std::string& path) {
  std::ofstream out(path);
  const char* before = "{";
  for (const auto& [about, rows] : all) {
    out << before << "\n" << json::serialize(json::value(about)) << ": {";
    const char* before_table = "\n";
    for (const auto& [table, its] : rows) {
      out << before_table << "  \"" << table << "\": [";
      const char* before_row = "\n    ";
      for (const json::value& row : its.as_array()) {
        out << before_row << json::serialize(row);
        before_row = ",\n    ";
      }
      out << "]";
      before_table = ",\n";
    }
    out << "}";
    before = ",";
  }
  out << "\n}\n";
}

const json::object& recorded() {
  static const json::value all = [] {
    std::ifstream in(support::source_path("tests/recorded/journal-cc_4.json"));
    std::stringstream text;
    text << in.rdbuf();
    return json::parse(text.str());
  }();
  return all.as_object();
}

/// How an operation that goes on ends.
std::string end_of(std::string_view about) {
  if (about.starts_with("start")) return "waiting";
  return about.starts_with("abort") ? "error" : "finished";
}

TEST(RecordedJournal, WhatTheLastReleaseLeftGoesOn) {
  for (const auto& [about, rows] : recorded()) {
    in_world(kOurs, [&, name = std::string(about), left = &rows](World& world) {
      insert_rows(world.store.database, left->as_object());
      world.rest(1min);
      EXPECT_EQ(world.state(), end_of(name)) << name << ": " << world.row().error.value_or("");
      EXPECT_EQ(world.store.journal.counters.taken_over, 1U) << name;
      const bool sent = name.ends_with("sending") || name.ends_with("changes");
      EXPECT_EQ(world.store.journal.counters.sets_sent_again, sent ? 1U : 0U) << name;
      const bool asked = name.starts_with("start at power");
      EXPECT_EQ(world.store.journal.counters.power_repeats, asked ? 1U : 0U) << name;
      EXPECT_FALSE(rows_of(world.store.database).contains("cc_operation")) << name;
      EXPECT_FALSE(rows_of(world.store.database).contains("cc_operation_part")) << name;
    });
  }
}

/// What this build writes is among what is recorded, so that the next release goes on with it.
TEST(RecordedJournal, EachStepOfOursIsAmongTheRecorded) {
  const Rows found = ours();
  if (const char* path = std::getenv("TOOZ_RECORD")) write(found, path);
  EXPECT_EQ(found.size(), 15U);
  for (const auto& [about, rows] : found) {
    ASSERT_TRUE(recorded().contains(about)) << about;
    const json::object& before = recorded().at(about).as_object();
    for (const auto& [table, its] : rows)
      EXPECT_TRUE(before.contains(table)) << about << ": " << std::string(table);
  }
}

}  // namespace
}  // namespace inspector
