#pragma once
#include "inspector/node/schema.h"
#include "sql/conformance/database_suite.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace inspector {

/// The history of the schema, over every database.
class SchemaSuite : public testing::TestWithParam<sql::DatabaseUnderTest> {
 protected:
  SchemaSuite() : database_(GetParam().make({})) {}

  void execute(std::string_view statement, std::vector<sql::Value> parameters = {});
  /// The only column of all rows.
  std::vector<std::string> query(std::string_view statement);

  std::unique_ptr<sql::Database> database_;
};

}  // namespace inspector
