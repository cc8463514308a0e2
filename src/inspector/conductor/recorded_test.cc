// Programs of two releases work side by side: messages and schema of the last one are kept in
// tests/recorded.
#include "inspector/conductor/remote.h"
#include "inspector/conductor/rpc_service.h"
#include "inspector/conductor/testing/world.h"
#include "sim/sim_env.h"
#include "tests/paths/paths.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
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
  void introspect(std::string_view, bool, const Call&) override {}
  void abort(std::string_view, const Call&) override {}
  void reapply(std::string_view, const json::object*, const Call&) override {}
  std::string process(ParsedReport, const Call&) override { return "u"; }
};

/// Keeps what would be sent, and answers with more than is asked for.
class Keeping final : public rpc::Transport {
 public:
  json::value call(const std::string&, std::string_view method, const json::object& params,
                   base::Env::TimePoint, std::stop_token) override {
    sent[std::string(method)] = params;
    return json::object{{"uuid", "u"}, {"more", 1}};
  }
  std::map<std::string, json::object> sent;
};

TEST(Recorded, CallsOfTheLastReleaseAreUnderstood) {
  sim::SimEnv env(1);
  env.run([&] {
    Agreeing conductor;
    rpc::Methods methods;
    add_conductor_methods(methods, conductor, env);
    for (const json::value& each : recorded_messages())
      EXPECT_EQ(methods.answer(each.at("call"), {}), each.at("answer")) << each.at("about");
  });
}

TEST(Recorded, TheLastReleaseUnderstandsOurCalls) {
  sim::SimEnv env(1);
  env.run([&] {
    testing::FixedDirectory directory;
    directory.set({{"ironic_inspector.conductor.a", "http://a"}});
    Keeping wire;
    RemoteConductor remote(env, directory, wire);
    const Conductor::Call call{env.now() + std::chrono::seconds(20), {}};
    remote.introspect("n", true, call);
    remote.abort("n", call);
    remote.reapply("u", nullptr, call);
    EXPECT_EQ(remote.process(boost::json::object(), call), "u");
    for (const json::value& each : recorded_messages()) {
      const std::string method(each.at("call").at("method").as_string());
      for (const auto& [name, value] : each.at("call").at("params").as_object()) {
        if (name == "priority") continue;
        ASSERT_TRUE(wire.sent[method].contains(name)) << method << " " << name;
        EXPECT_EQ(wire.sent[method].at(name).kind(), value.kind()) << method << " " << name;
      }
    }
  });
}

TEST(Recorded, TheSchemaOfTheLastReleaseOnlyGrows) {
  sim::SimEnv env(1);
  env.run([&] {
    testing::MemoryStore store(env);
    std::istringstream lines(recorded("schema-cc_1.tsv"));
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with('#')) continue;
      std::istringstream fields(line);
      std::string table, column, type, required;
      std::getline(fields, table, '\t');
      std::getline(fields, column, '\t');
      std::getline(fields, type, '\t');
      std::getline(fields, required, '\t');
      store.database.run(sql::Access::kRead, [&](sql::Transaction& t) {
        const auto rows =
            t.query("SELECT type, \"notnull\" FROM pragma_table_info(:p1) WHERE name = :p2",
                    {table, column});
        ASSERT_EQ(rows.size(), 1U) << line;
        EXPECT_EQ(rows[0].text(0), type) << line;
        EXPECT_EQ(rows[0].text(1), required) << line;
      });
    }
  });
}

}  // namespace
}  // namespace inspector
