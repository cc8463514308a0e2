#include "inspector/dbsync/dbsync.h"

#include "inspector/config/command_line.h"
#include "inspector/node/schema.h"

#include <gtest/gtest.h>

#include <sstream>

namespace inspector {
namespace {

class Dbsync : public testing::Test {
 protected:
  int run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return run_dbsync(parse_dbsync(arguments), database_, out_, err_);
  }
  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  sql::Database database_{base::system_env(), "sqlite://"};
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Dbsync, UpgradeTellsEachStepLikeAlembic) {
  EXPECT_EQ(run({"upgrade", "--revision", "d588418040d"}), 0);
  EXPECT_EQ(out(), "");
  EXPECT_EQ(err(),
            "INFO  [alembic.runtime.migration] Running upgrade  -> 578f84f38d, inital_db_schema\n"
            "INFO  [alembic.runtime.migration] Running upgrade 578f84f38d -> d588418040d, Add "
            "Rules\n");
  EXPECT_EQ(run({"upgrade"}), 0);
  EXPECT_NO_THROW(check_schema(database_));
  EXPECT_EQ(run({"upgrade", "--revision"}), 0);
  EXPECT_EQ(err(), "");
}

TEST_F(Dbsync, CurrentIsTheRevisionOrNothing) {
  EXPECT_EQ(run({"current"}), 0);
  EXPECT_EQ(out(), "");
  run({"upgrade", "--revision=2970"});
  run({"current"});
  EXPECT_EQ(out(), "2970d2d44edc\n");
  run({"upgrade"});
  run({"current"});
  EXPECT_EQ(out(), "cc_4 (head)\n");
}

TEST_F(Dbsync, HistoryComesNewestFirst) {
  EXPECT_EQ(run({"history"}), 0);
  EXPECT_EQ(out().find("cc_3 -> cc_4 (head), "), 0U);
  EXPECT_NE(out().find("\nbf8dec16023c -> b55109d5063a, Added 'scope' column to 'Rules' table\n"),
            std::string::npos);
  EXPECT_TRUE(out().ends_with("\n<base> -> 578f84f38d, inital_db_schema\n"));
  run({"heads"});
  EXPECT_EQ(out(), "cc_4 (head)\n");
  EXPECT_EQ(run({"branches"}), 0);
  EXPECT_EQ(out(), "");
}

TEST_F(Dbsync, ShowTellsOneStep) {
  EXPECT_EQ(run({"show", "--revision", "882b2d84cb1b"}), 0);
  EXPECT_EQ(out(),
            "Rev: 882b2d84cb1b\nParent: d00d6e3f38c4\n\n    attribute_constraints_relaxing\n\n");
}

TEST_F(Dbsync, StampTellsFromWhereToWhere) {
  EXPECT_EQ(run({"stamp", "--revision", "b55109d5063a"}), 0);
  EXPECT_EQ(err(), "INFO  [alembic.runtime.migration] Running stamp_revision  -> b55109d5063a\n");
  run({"current"});
  EXPECT_EQ(out(), "b55109d5063a\n");
}

TEST_F(Dbsync, FailuresGoToStandardOutputAndEndWith255) {
  EXPECT_EQ(run({"upgrade", "--revision", "nonsense"}), 255);
  EXPECT_EQ(out(), "FAILED: Can't locate revision identified by 'nonsense'\n");
  EXPECT_EQ(run({"edit", "--revision", "882b2d84cb1b"}), 255);
  EXPECT_EQ(out(),
            "FAILED: migrations are part of this program: there are no files to make or edit\n");
  EXPECT_EQ(run({"revision", "-m", "message", "--autogenerate"}), 255);
}

TEST(DbsyncUsage, WrongCommandsAreRefused) {
  EXPECT_THROW(parse_dbsync({}), UsageError);
  EXPECT_THROW(parse_dbsync({"downgrade"}), UsageError);
  EXPECT_THROW(parse_dbsync({"stamp"}), UsageError);
  EXPECT_THROW(parse_dbsync({"current", "--revision", "a"}), UsageError);
  EXPECT_THROW(parse_dbsync({"upgrade", "head"}), UsageError);
  EXPECT_EQ(parse_dbsync({"stamp", "--revision"}).revision, "head");
}

}  // namespace
}  // namespace inspector
