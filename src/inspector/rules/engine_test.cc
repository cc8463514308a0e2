#include "inspector/rules/engine.h"

#include "inspector/error.h"
#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/changes.h"
#include "inspector/node/schema.h"
#include "inspector/node/view.h"
#include "inspector/rules/rule_check.h"
#include "inspector/rules/rule_store.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

namespace json = boost::json;

/// One node in Ironic, one report, rules in a database.
class Rules : public ::testing::Test {
 protected:
  Rules() {
    upgrade(database_);
    node(R"({"driver": "ipmi", "maintenance": false, "extra": {"list": ["a"]},
             "properties": {"capabilities": "boot_mode:uefi,old:1", "inspection_scope": "east"}})");
  }

  void node(std::string_view text) {
    json::object object = json::parse(text).get_object();
    object["uuid"] = "u1";
    ironic_.add_node(std::move(object));
  }

  void rule(const std::string& text) { store_.add(checked_rule(json::parse(text).get_object())); }
  void action(const std::string& action) { rule(R"({"actions": [)" + action + "]}"); }

  /// The node's patch, or `{status} {text}` of the failure.
  std::string run() {
    changes_ = {};
    const NodeView view("u1", ironic_, {}, changes_);
    try {
      RuleEngine(env_, store_).apply(report_, view, changes_);
    } catch (const Error& error) {
      return std::to_string(http_status(error.code())) + " " + error.what();
    }
    return json::serialize(changes_.node_patch());
  }

  base::Env& env_ = base::system_env();
  sql::Database database_{env_, "sqlite://"};
  RuleStore store_{env_, database_};
  testing::FakeIronic ironic_;
  NodeChanges changes_;
  json::object report_ =
      json::parse(R"({"cpus": 8, "arch": "x86_64", "nics": [{"mac": "52:54:00:00:00:01"},
                      {"mac": "52:54:00:00:00:02"}], "none": null})")
          .get_object();
};

std::string set(std::string_view path, std::string_view value) {
  return R"({"action": "set-attribute", "path": ")" + std::string(path) + R"(", "value": )" +
         std::string(value) + "}";
}

TEST_F(Rules, WithoutConditionsAlwaysApply) {
  action(set("extra/x", "\"{data[arch]}-{data[cpus]:03d}\""));
  EXPECT_EQ(run(), R"([{"op":"add","path":"/extra/x","value":"x86_64-008"}])");
  EXPECT_TRUE(ironic_.changes().empty());
}

TEST_F(Rules, AllConditionsMustHold) {
  rule(R"({"conditions": [{"field": "cpus", "op": "gt", "value": 4},
                          {"field": "node://driver", "op": "eq", "value": "ipmi"},
                          {"field": "node://id", "op": "eq", "value": "u1"},
                          {"field": "node://fault", "op": "ne", "value": "unset ones are null"},
                          {"field": "node://is_maintenance", "op": "eq", "value": false}],
           "actions": [)" +
       set("/extra/x", "1") + "]}");
  EXPECT_EQ(run(), R"([{"op":"add","path":"/extra/x","value":1}])");
  rule(R"({"conditions": [{"field": "cpus", "op": "gt", "value": 4},
                          {"field": "cpus", "op": "gt", "value": 9}],
           "actions": [{"action": "fail", "message": "no"}]})");
  EXPECT_EQ(run(), R"([{"op":"add","path":"/extra/x","value":1}])");
}

TEST_F(Rules, MissingFieldsHoldForNothingButEmptiness) {
  const std::string fails = R"("actions": [{"action": "fail", "message": "it applied"}]})";
  rule(R"({"conditions": [{"field": "gone", "op": "ne", "value": 1}], )" + fails);
  rule(R"({"conditions": [{"field": "gone", "op": "eq", "value": 1, "invert": true}], )" + fails);
  rule(R"({"conditions": [{"field": "none", "op": "is-empty", "invert": true}], )" + fails);
  EXPECT_EQ(run(), "[]");
  rule(R"({"conditions": [{"field": "gone", "op": "is-empty"}], )" + fails);
  EXPECT_EQ(run(), "400 it applied");
}

TEST_F(Rules, ManyValuesCountAsTold) {
  const auto fails = [&](const std::string& condition) {
    store_.remove_all();
    rule(R"({"conditions": [{"field": "nics[*].mac", "op": "matches", )" + condition +
         R"(}], "actions": [{"action": "fail", "message": "applied"}]})");
    return run() == "400 applied";
  };
  EXPECT_TRUE(fails(R"("value": ".*2")"));
  EXPECT_FALSE(fails(R"("value": ".*2", "multiple": "all")"));
  EXPECT_FALSE(fails(R"("value": ".*2", "multiple": "first")"));
  EXPECT_TRUE(fails(R"("value": ".*1", "multiple": "first")"));
  EXPECT_TRUE(fails(R"("value": ".*3", "multiple": "all", "invert": true)"));
  EXPECT_FALSE(fails(R"("value": ".*[12]", "multiple": "any", "invert": true)"));
}

TEST_F(Rules, OfAnotherScopeAreLeftOut) {
  rule(R"({"scope": "west", "actions": [{"action": "fail", "message": "west"}]})");
  EXPECT_EQ(run(), "[]");
  rule(R"({"scope": "east", "actions": [{"action": "fail", "message": "east"}]})");
  EXPECT_EQ(run(), "400 east");
}

TEST_F(Rules, ConditionsDoNotSeeWhatActionsOfOthersDid) {
  action(set("driver", "\"other\""));
  rule(R"({"conditions": [{"field": "node://driver", "op": "eq", "value": "other"}],
           "actions": [{"action": "fail", "message": "seen"}]})");
  EXPECT_EQ(run(), R"([{"op":"add","path":"/driver","value":"other"}])");
  EXPECT_TRUE(changes_.resets_interfaces());
}

TEST_F(Rules, InterfacesAreResetWithTheDriverUnlessToldNot) {
  action(
      R"({"action": "set-attribute", "path": "/driver", "value": "x", "reset_interfaces": false})");
  run();
  EXPECT_FALSE(changes_.resets_interfaces());
}

TEST_F(Rules, CapabilitiesAreSetAndRemoved) {
  action(R"({"action": "set-capability", "name": "cpus", "value": "{data[cpus]}"})");
  action(R"({"action": "set-capability", "name": "old"})");
  EXPECT_EQ(run(),
            R"([{"op":"add","path":"/properties/capabilities","value":"boot_mode:uefi,cpus:8"}])");
}

TEST_F(Rules, ListsAreExtended) {
  action(R"({"action": "extend-attribute", "path": "extra/list", "value": "a", "unique": true})");
  EXPECT_EQ(run(), "[]");
  action(R"({"action": "extend-attribute", "path": "extra/list", "value": "b", "unique": true})");
  action(R"({"action": "extend-attribute", "path": "/extra/list", "value": "b"})");
  action(R"({"action": "extend-attribute", "path": "/extra/deep/new", "value": ["{data[arch]}"]})");
  EXPECT_EQ(run(), R"([{"op":"add","path":"/extra/list","value":["a","b","b"]},)"
                   R"({"op":"add","path":"/extra/deep/new","value":[["x86_64"]]}])");
  action(R"({"action": "extend-attribute", "path": "driver", "value": "b"})");
  EXPECT_EQ(run(),
            "500 Unexpected exception AttributeError during processing: 'str' object has no "
            "attribute 'append'");
}

TEST_F(Rules, TraitsAreAddedAndRemoved) {
  action(R"({"action": "add-trait", "name": "CUSTOM_A"})");
  action(R"({"action": "remove-trait", "name": "CUSTOM_B"})");
  run();
  EXPECT_EQ(changes_.traits(),
            (std::map<std::string, bool>{{"CUSTOM_A", true}, {"CUSTOM_B", false}}));
}

TEST_F(Rules, NamesOfTheSdkBecomeIronics) {
  action(set("is_maintenance", "true"));
  EXPECT_EQ(run(), R"([{"op":"add","path":"/maintenance","value":true}])");
}

TEST_F(Rules, FailuresAreToldAsTheyWere) {
  action(R"({"action": "fail", "message": "keep {data[this]}"})");
  EXPECT_EQ(run(), "400 keep {data[this]}");
  store_.remove_all();
  rule(R"({"conditions": [{"field": "arch", "op": "eq", "value": 1}],
           "actions": [{"action": "example"}]})");
  EXPECT_EQ(run(),
            "500 Unexpected exception ValueError during processing: invalid literal for int() "
            "with base 10: 'x86_64'");
  store_.remove_all();
  action(set("/extra/x", "[\"{data[gone]}\"]"));
  EXPECT_EQ(run(), "400 Invalid formatting variable key provided in value {data[gone]}: 'gone'");
}

TEST_F(Rules, GrowingListsAreBounded) {
  for (int i = 0; i < 40; ++i)
    action(
        R"({"action": "extend-attribute", "path": "extra/list", "value": "{data[cpus]:100000}"})");
  EXPECT_EQ(run().substr(0, 53), "400 Introspection rules were given up on this report:");
}

TEST_F(Rules, ARuleThatUpstreamStoredIsUnderstood) {
  database_.run(sql::Access::kWrite, [](sql::Transaction& t) {
    t.exec(
        "INSERT INTO rules (uuid, created_at, description, disabled) "
        "VALUES ('r1', '2026-01-01 00:00:00', NULL, NULL)");
    t.exec(
        "INSERT INTO rule_conditions (rule, op, multiple, field, params) "
        "VALUES ('r1', 'eq', 'any', 'cpus', '{\"value\": 8}')");
    t.exec(
        "INSERT INTO rule_actions (rule, action, params) "
        "VALUES ('r1', 'fail', '{\"message\": \"found\"}')");
  });
  EXPECT_EQ(run(), "400 found");
}

TEST(RuleStore, GivesBackInOrderOfCreation) {
  base::Env& env = base::system_env();
  sql::Database database(env, "sqlite://");
  upgrade(database);
  RuleStore store(env, database);
  const Rule example = checked_rule(
      json::parse(R"({"actions": [{"action": "example"}], "description": "d"})").get_object());
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i)
    made.push_back(store.add(example).uuid);
  std::vector<std::string> read;
  for (const Rule& rule : store.all())
    read.push_back(rule.uuid);
  EXPECT_EQ(read, made);
  EXPECT_TRUE(store.remove(made[2]));
  EXPECT_FALSE(store.remove(made[2]));
  EXPECT_FALSE(store.get(made[2]));
  EXPECT_EQ(store.get(made[3])->description, "d");
  Rule again = example;
  again.uuid = made[0];
  EXPECT_THROW(store.add(again), Error);
  store.remove_all();
  EXPECT_TRUE(store.all().empty());
}

}  // namespace
}  // namespace inspector
