#pragma once
#include "sql/database.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace sql {

/// What every database does for us; each test starts with an empty one.
struct DatabaseUnderTest {
  std::string name;
  std::function<std::unique_ptr<Database>(const DatabaseOptions&)> make;

  friend void PrintTo(const DatabaseUnderTest& database, std::ostream* out) {
    *out << database.name;
  }
};

class DatabaseSuite : public testing::TestWithParam<DatabaseUnderTest> {
 protected:
  std::unique_ptr<Database> open(const DatabaseOptions& options = {}) {
    return GetParam().make(options);
  }

  /// A table `things(name VARCHAR(50) PRIMARY KEY, number BIGINT, at TIMESTAMP, flag BOOLEAN)`.
  static void make_table(Database& database);
  static std::int64_t count(Database& database);
};

}  // namespace sql
