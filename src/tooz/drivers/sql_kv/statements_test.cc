#include "tooz/drivers/sql_kv/statements.h"

#include <gtest/gtest.h>

namespace tooz::sql_kv {
namespace {

std::string bytes(std::string_view value) { return "bytes" + std::to_string(value.size()); }

constexpr Dialect kDialect{
    .now = "NOW", .standby = "0", .drop_ended_keys = "DROP", .announce = "TELL", .bytes = bytes};

TEST(SqlStatements, APrefixEndsBeforeTheNextTextThatDoesNotBeginWithIt) {
  EXPECT_EQ(end_of_prefix("a/"), "a0");
  EXPECT_EQ(end_of_prefix("a\xff\xff"), "b");
  EXPECT_EQ(end_of_prefix(std::string("\0", 1)), "\x01");
  EXPECT_EQ(end_of_prefix("\x7f"), "\x80");
  EXPECT_EQ(end_of_prefix("\xff"), "");
  EXPECT_EQ(end_of_prefix(""), "");
}

// No text of a caller gets into a statement but as a literal of the dialect.
TEST(SqlStatements, KeysAndValuesStandInLiteralsOnly) {
  const Statements statements(kDialect);
  const std::string evil = "'; DROP TABLE x";
  const Guard guard{.present = evil, .empty_prefix = evil};
  const Statements::Write write{
      .key = evil, .value = evil, .owner = 7, .expected = 3, .guard = guard};
  for (const Batch& batch :
       {statements.create(write), statements.replace(write), statements.remove(write),
        statements.get(evil, Statements::Sweep::kFirst),
        statements.list(evil, Statements::Sweep::kNo), statements.look(evil, 3),
        statements.told(evil, 3), statements.new_origin(evil, evil, evil)}) {
    EXPECT_LT(batch.answer, batch.statements.size());
    for (const auto& statement : batch.statements) {
      EXPECT_EQ(statement.find("DROP TABLE"), std::string::npos) << statement;
      EXPECT_EQ(statement.find(';'), std::string::npos) << statement;
    }
  }
}

TEST(SqlStatements, WhateverWritesLocksTheCounterFirstAndTellsLast) {
  const Statements statements(kDialect);
  const Statements::Write write{.key = "k"};
  for (const Batch& batch : {statements.create(write), statements.replace(write),
                             statements.remove(write), statements.close_session(1),
                             statements.sweep(), statements.get("k", Statements::Sweep::kFirst)}) {
    EXPECT_NE(batch.statements.front().find("FOR UPDATE"), std::string::npos);
    EXPECT_EQ(batch.statements.back(), "TELL");
  }
}

TEST(SqlStatements, OnlyWhatMayBeDoneTwiceIsRepeatable) {
  const Statements statements(kDialect);
  const Statements::Write write{.key = "k"};
  for (const Batch& batch : {statements.create(write), statements.replace(write),
                             statements.remove(write), statements.open_session(1, 1)})
    EXPECT_FALSE(batch.repeatable);
  for (const Batch& batch : {statements.renew(1), statements.close_session(1),
                             statements.get("k", Statements::Sweep::kNo),
                             statements.list("k", Statements::Sweep::kFirst)})
    EXPECT_TRUE(batch.repeatable);
}

}  // namespace
}  // namespace tooz::sql_kv
