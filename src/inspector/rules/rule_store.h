#pragma once
#include "base/env.h"
#include "inspector/rules/rule.h"
#include "sql/database.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// The rules in upstream's tables. Thread-safe; throws sql::Error, kBadData for a stored rule that
/// cannot be read.
class RuleStore {
 public:
  RuleStore(base::Env& env, sql::Database& database) : env_(env), database_(database) {}
  RuleStore(const RuleStore&) = delete;
  RuleStore& operator=(const RuleStore&) = delete;

  /// Gives it a UUID when it has none. Throws inspector::Error{kConflict} when there is one of its
  /// UUID.
  Rule add(Rule rule);

  std::vector<Rule> all();  ///< in the order in which they were made
  std::optional<Rule> get(std::string_view uuid);
  bool remove(std::string_view uuid);  ///< false: there was none
  void remove_all();

 private:
  base::Env& env_;
  sql::Database& database_;
};

}  // namespace inspector
