#pragma once
#include "sql/database.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What stands for a node's own values in requests and statements, by letter.
using Facts = std::map<char, std::string>;
Facts facts_of(const std::string& uuid);

struct Statement {
  std::string_view text;
  std::string_view facts;  ///< the letters of its parameters, in order
};

/// A request, then a transaction; either may be missing.
struct Step {
  std::string_view method{};
  std::string_view target{};  ///< `%u` is the fact u
  std::string_view body{};
  std::vector<Statement> statements{};
  sql::Access access = sql::Access::kWrite;
  bool then_port = false;  ///< an answer without a port: it is added
};

/// In the order in which the service did them for a node of ironic-sim, with the default hooks and
/// both forms of the data kept in the database: seen by ironic-sim --request-log and a trace of
/// SQLite.
extern const std::vector<Step> kSteps;
extern const Step kAddPort;
extern const Statement kOrigin;  ///< once, before the first node

std::string filled(std::string_view text, const Facts& facts);
std::vector<sql::Value> values_of(const Statement& statement, const Facts& facts);

}  // namespace bench
