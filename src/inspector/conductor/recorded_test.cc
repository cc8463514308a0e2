// Programs of two releases work side by side: messages and schema of those before are kept in
// tests/recorded.
#include "inspector/conductor/remote.h"
#include "inspector/conductor/rpc_service.h"
#include "inspector/conductor/testing/world.h"
#include "sim/sim_env.h"
#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace inspector {
namespace {

namespace json = boost::json;

std::string recorded(const std::string& file) {
  std::ifstream in(support::source_path("tests/recorded/" + file));
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << file;
  return text.str();
}

const json::array& recorded_messages() {
  static const json::value messages = json::parse(recorded("messages-1.3.json"));
  return messages.as_array();
}

/// Agrees to everything.
class Agreeing final : public Conductor {
 public:
  void introspect(std::string_view, bool, const Call& call) override { last = call; }
  void abort(std::string_view, const Call& call) override { last = call; }
  void reapply(std::string_view, const json::object*, const Call& call) override { last = call; }
  std::string process(ParsedReport, const Call& call) override {
    last = call;
    return "u";
  }
  Call last;
};

/// Keeps what would be sent, and answers with more than is asked for; the first conductor does not
/// answer, so that what can be repeated is.
class Keeping final : public rpc::Transport {
 public:
  json::value call(const std::string&, std::string_view method, const json::object& params,
                   base::Env::TimePoint, std::stop_token) override {
    const bool first = !sent.contains(method);
    sent[std::string(method)] = params;
    if (first && (method == "do_introspection" || method == "do_continue"))
      throw rpc::Unavailable(true, "no answer");
    return json::object{{"uuid", "u"}, {"more", 1}};
  }
  std::map<std::string, json::object, std::less<>> sent;
};

TEST(Recorded, CallsOfTheLastReleaseAreUnderstood) {
  sim::SimEnv env(1);
  env.run([&] {
    Agreeing conductor;
    rpc::Methods methods;
    add_conductor_methods(methods, conductor, env);
    for (const json::value& each : recorded_messages()) {
      EXPECT_EQ(methods.answer(each.at("call"), {}), each.at("answer")) << each.at("about");
      const json::value* understood = each.as_object().if_contains("understood");
      if (understood == nullptr) continue;
      EXPECT_EQ(conductor.last.attempt, understood->at("attempt").as_string()) << each.at("about");
      EXPECT_EQ(conductor.last.repeated, understood->at("repeated").as_bool()) << each.at("about");
    }
  });
}

TEST(Recorded, TheLastReleaseUnderstandsOurCalls) {
  sim::SimEnv env(1);
  env.run([&] {
    testing::FixedDirectory directory;
    directory.set({{"ironic_inspector.conductor.a", "http://a"},
                   {"ironic_inspector.conductor.b", "http://b"}});
    Keeping wire;
    RemoteConductor remote(env, directory, wire);
    const Conductor::Call call{env.now() + std::chrono::seconds(20), {}};
    remote.introspect("n", true, call);
    remote.abort("n", call);
    const json::object data;
    remote.reapply("u", &data, call);
    EXPECT_EQ(remote.process(data, call), "u");
    for (const json::value& each : recorded_messages()) {
      const std::string method(each.at("call").at("method").as_string());
      for (const auto& [name, value] : each.at("call").at("params").as_object()) {
        if (name == "priority") continue;
        ASSERT_TRUE(wire.sent[method].contains(name)) << method << " " << name;
        if (value.is_null()) continue;
        EXPECT_EQ(wire.sent[method].at(name).kind(), value.kind()) << method << " " << name;
      }
    }
  });
}

/// Table, column, type and whether it may not be null.
using Column = std::array<std::string, 4>;

std::vector<Column> recorded_columns(const std::string& file) {
  std::vector<Column> all;
  std::istringstream lines(recorded(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream fields(line);
    Column& column = all.emplace_back();
    for (std::string& field : column)
      std::getline(fields, field, '\t');
  }
  return all;
}

class RecordedSchema : public ::testing::TestWithParam<const char*> {};

TEST_P(RecordedSchema, OnlyGrows) {
  sim::SimEnv env(1);
  env.run([&] {
    testing::MemoryStore store(env);
    for (const auto& [table, column, type, required] : recorded_columns(GetParam())) {
      store.database.run(sql::Access::kRead, [&](sql::Transaction& t) {
        const auto rows =
            t.query("SELECT type, \"notnull\" FROM pragma_table_info(:p1) WHERE name = :p2",
                    {table, column});
        ASSERT_EQ(rows.size(), 1U) << table << " " << column;
        EXPECT_EQ(rows[0].text(0), type) << table << " " << column;
        EXPECT_EQ(rows[0].text(1), required) << table << " " << column;
      });
    }
  });
}

/// What one who does not know a column leaves out of it must be allowed to be missing.
TEST(Recorded, ColumnsSinceTheLastReleaseMayBeMissing) {
  sim::SimEnv env(1);
  env.run([&] {
    testing::MemoryStore store(env);
    std::map<std::string, std::set<std::string>> known;
    for (const auto& [table, column, type, required] : recorded_columns("schema-cc_4.tsv"))
      known[table].insert(column);
    for (const auto& [table, columns] : known) {
      store.database.run(sql::Access::kRead, [&, name = table, its = columns](sql::Transaction& t) {
        for (const sql::Row& row :
             t.query("SELECT name, \"notnull\", dflt_value FROM pragma_table_info(:p1)", {name}))
          EXPECT_TRUE(its.contains(row.text(0)) || row.text(1) == "0" || !row.null(2))
              << name << " " << row.text(0);
      });
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Releases, RecordedSchema,
                         ::testing::Values("schema-cc_1.tsv", "schema-cc_4.tsv"));

}  // namespace
}  // namespace inspector
