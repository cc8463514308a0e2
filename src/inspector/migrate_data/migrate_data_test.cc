#include "inspector/migrate_data/migrate_data.h"

#include "inspector/api/testing/doubles.h"
#include "inspector/config/command_line.h"
#include "inspector/node/schema.h"

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

namespace inspector {
namespace {

using api_test::DataInMemory;

/// Counts what is written, and refuses what it is told to.
class Target final : public DataStore {
 public:
  void save(std::string_view uuid, bool processed, std::string_view json,
            const tooz::Token&) override {
    if (std::string(uuid) == broken) throw std::runtime_error("the disk is full");
    ++saved;
    kept.texts[{std::string(uuid), processed}] = json;
    if (after_save) after_save();
  }
  std::optional<std::string> find(std::string_view uuid, bool processed) override {
    return kept.find(uuid, processed);
  }
  std::string get(std::string_view uuid, bool processed) override {
    return kept.get(uuid, processed);
  }

  DataInMemory kept;
  std::string broken;
  int saved = 0;
  std::function<void()> after_save;
};

class MigrateData : public ::testing::Test {
 protected:
  MigrateData()
      : database_(base::system_env(), "sqlite://", {}), nodes_(base::system_env(), database_) {
    upgrade(database_);
    tooz::Revision number = 0;
    for (const char* uuid : {"a", "b", "c"})
      nodes_.start(uuid, true, {}, tooz::Token{"o", ++number});
    for (const char* uuid : {"a", "b", "c"})
      for (const bool processed : {true, false})
        source_.texts[{uuid, processed}] =
            std::string("{\"") + uuid + "\":" + (processed ? "1}" : "0}");
  }

  int migrate(const std::stop_token& stop = {}) {
    out_.str("");
    return migrate_data({database_, nodes_, source_, target_}, out_, err_, stop);
  }

  sql::Database database_;
  NodeStore nodes_;
  DataInMemory source_;
  Target target_;
  std::ostringstream out_, err_;
};

TEST_F(MigrateData, EveryRecordIsCopied) {
  EXPECT_EQ(migrate(), 0);
  EXPECT_EQ(target_.kept.texts, source_.texts);
  EXPECT_EQ(out_.str(),
            "Finished introspection data migration, total records: 6. all records are migrated "
            "successfully.\n");
}

TEST_F(MigrateData, AnInterruptedOneGoesOnWhereItWas) {
  std::stop_source stop;
  target_.after_save = [&] {
    if (target_.saved == 4) stop.request_stop();
  };
  EXPECT_EQ(migrate(stop.get_token()), 130);
  EXPECT_EQ(err_.str(), "... terminating migration tool\n");
  EXPECT_EQ(target_.saved, 4);
  EXPECT_EQ(migrate(), 0);
  EXPECT_EQ(target_.saved, 6);
  EXPECT_EQ(target_.kept.texts, source_.texts);
}

TEST_F(MigrateData, WhatTheSourceDoesNotHaveIsListedAndNoFailure) {
  source_.texts.erase({"b", true});
  source_.texts.erase({"c", false});
  target_.kept.texts[{"c", false}] = "{}";  // from an earlier time
  EXPECT_EQ(migrate(), 0);
  EXPECT_EQ(out_.str(),
            "Finished introspection data migration, total records: 6. Failed to migrate:\n"
            "b(processed=True)\n");
}

TEST_F(MigrateData, WhatCannotBeCopiedIsAFailureThatIsToldWhy) {
  target_.broken = "b";
  EXPECT_EQ(migrate(), 1);
  EXPECT_EQ(out_.str(),
            "Finished introspection data migration, total records: 6. Failed to migrate:\n"
            "b(processed=True)\nb(processed=False)\n");
  EXPECT_EQ(err_.str(), "b: the disk is full\nb: the disk is full\n");
  EXPECT_EQ(target_.saved, 4);
}

TEST_F(MigrateData, ADatabaseAsTargetNeedsNoLock) {
  const auto data = database_data_store(database_, nodes_);
  EXPECT_EQ(migrate_data({database_, nodes_, source_, *data}, out_, err_, {}), 0);
  EXPECT_EQ(data->get("b", false), source_.texts.at({"b", false}));
  nodes_.fire("b", Event::kWait, tooz::Token{"o", 2});  // the lock of before is still good
}

std::string refusal(std::optional<std::string> from, std::optional<std::string> to) {
  CommandLine line;
  line.from = std::move(from);
  line.to = std::move(to);
  try {
    return data_move_of(line).from + " to " + data_move_of(line).to;
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(DataMove, TwoStoresThatDiffer) {
  EXPECT_EQ(refusal("database", "swift"), "database to swift");
  EXPECT_EQ(refusal("swift", "swift"), "Source and destination can not be the same.");
  EXPECT_EQ(refusal(std::nullopt, "swift"), "argument --from: is required: database or swift");
  EXPECT_EQ(refusal("swift", "disk"),
            "argument --to: 'disk' is no store; accepted: database, swift");
}

}  // namespace
}  // namespace inspector
