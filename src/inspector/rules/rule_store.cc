#include "inspector/rules/rule_store.h"

#include "inspector/error.h"
#include "inspector/read_json.h"
#include "inspector/uuid.h"
#include "sql/time.h"

#include <algorithm>
#include <map>

namespace inspector {
namespace {

namespace json = boost::json;
using sql::Access;
using sql::Transaction;
using sql::Value;

Value text_or_null(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return nullptr;
}

json::value text_or_null(const sql::Row& row, std::size_t column) {
  const std::optional<std::string> text = row.maybe_text(column);
  return text ? json::value(*text) : json::value(nullptr);
}

json::object params_at(const sql::Row& row, std::size_t column) {
  const std::optional<std::string> text = row.maybe_text(column);
  if (!text || text->empty()) return {};
  boost::system::error_code failed;
  const json::value value = read_json(*text, failed);
  if (!failed && value.is_null()) return {};
  if (failed || !value.is_object()) row.bad(column, "a JSON object");
  return value.get_object();
}

void insert(Transaction& t, const Rule& rule, const std::string& created_at) {
  t.exec(
      "INSERT INTO rules (uuid, created_at, description, disabled, scope) "
      "VALUES (:p1, :p2, :p3, :p4, :p5)",
      {rule.uuid, created_at, text_or_null(rule.description), false, text_or_null(rule.scope)});
  for (const RuleCondition& condition : rule.conditions)
    t.exec(
        "INSERT INTO rule_conditions (rule, op, multiple, invert, field, params) "
        "VALUES (:p1, :p2, :p3, :p4, :p5, :p6)",
        {rule.uuid, condition.op, condition.multiple, condition.invert, condition.field,
         json::serialize(condition.params)});
  for (const RuleAction& action : rule.actions)
    t.exec("INSERT INTO rule_actions (rule, action, params) VALUES (:p1, :p2, :p3)",
           {rule.uuid, action.action, json::serialize(action.params)});
}

using ByUuid = std::map<std::string, Rule*, std::less<>>;

Rule* owner(const ByUuid& rules, const sql::Row& row) {
  const std::optional<std::string> uuid = row.maybe_text(0);
  const auto found = uuid ? rules.find(*uuid) : rules.end();
  return found == rules.end() ? nullptr : found->second;
}

/// @param where empty, or a condition on the column `rule` with one parameter
void read_parts(Transaction& t, std::vector<Rule>& rules, const std::string& where,
                std::span<const Value> parameters) {
  ByUuid by_uuid;
  for (Rule& rule : rules)
    by_uuid.emplace(rule.uuid, &rule);
  for (const sql::Row& row :
       t.query("SELECT rule, op, field, multiple, invert, params FROM rule_conditions" + where +
                   " ORDER BY id",
               parameters))
    if (Rule* rule = owner(by_uuid, row))
      rule->conditions.push_back({.op = row.text(1),
                                  .field = row.maybe_text(2).value_or(""),
                                  .multiple = row.text(3),
                                  .invert = !row.null(4) && row.boolean(4),
                                  .params = params_at(row, 5)});
  for (const sql::Row& row : t.query(
           "SELECT rule, action, params FROM rule_actions" + where + " ORDER BY id", parameters))
    if (Rule* rule = owner(by_uuid, row))
      rule->actions.push_back({.action = row.text(1), .params = params_at(row, 2)});
}

std::vector<Rule> read_rules(Transaction& t, const std::string& where,
                             std::span<const Value> parameters) {
  std::vector<Rule> rules;
  for (const sql::Row& row :
       t.query("SELECT uuid, description, scope FROM rules" + where + " ORDER BY created_at, uuid",
               parameters)) {
    Rule rule;
    rule.uuid = row.text(0);
    rule.description = text_or_null(row, 1);
    rule.scope = text_or_null(row, 2);
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

Rule RuleStore::add(Rule rule) {
  if (rule.uuid.empty()) rule.uuid = random_uuid(env_);
  const std::string created_at = sql::to_text(env_.wall_time());
  try {
    database_.run(Access::kWrite, [&](Transaction& t) { insert(t, rule, created_at); });
  } catch (const sql::Error& error) {
    if (error.code != sql::Errc::kDuplicate) throw;
    throw Error(Errc::kConflict, "Rule with UUID " + rule.uuid + " already exists");
  }
  return rule;
}

std::vector<Rule> RuleStore::all() {
  std::vector<Rule> rules;
  database_.run(Access::kRead, [&](Transaction& t) {
    rules = read_rules(t, "", {});
    if (!rules.empty()) read_parts(t, rules, "", {});
  });
  return rules;
}

std::optional<Rule> RuleStore::get(std::string_view uuid) {
  std::vector<Rule> rules;
  const Value parameters[] = {std::string(uuid)};
  database_.run(Access::kRead, [&](Transaction& t) {
    rules = read_rules(t, " WHERE uuid = :p1", parameters);
    if (!rules.empty()) read_parts(t, rules, " WHERE rule = :p1", parameters);
  });
  if (rules.empty()) return std::nullopt;
  return std::move(rules.front());
}

bool RuleStore::remove(std::string_view uuid) {
  bool removed = false;
  database_.run(Access::kWrite, [&](Transaction& t) {
    const std::string wanted(uuid);
    t.exec("DELETE FROM rule_actions WHERE rule = :p1", {wanted});
    t.exec("DELETE FROM rule_conditions WHERE rule = :p1", {wanted});
    removed = t.exec("DELETE FROM rules WHERE uuid = :p1", {wanted}) > 0;
  });
  return removed;
}

void RuleStore::remove_all() {
  database_.run(Access::kWrite, [](Transaction& t) {
    for (const std::string_view table : {"rule_actions", "rule_conditions", "rules"})
      t.exec("DELETE FROM " + std::string(table));
  });
}

}  // namespace inspector
