#include "inspector/api/http_basic.h"

#include "base/ini.h"
#include "inspector/error.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace inspector {
namespace {

// bcrypt of `secret` with the least cost
constexpr std::string_view kHash = "abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
constexpr const char* kAdminSecret = "Basic YWRtaW46c2VjcmV0";  // admin:secret
constexpr const char* kAdminWrong = "Basic YWRtaW46d3Jvbmc=";   // admin:wrong

class HttpBasicTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "users-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
    file_ = (directory_ / "htpasswd").string();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& text) { std::ofstream(file_, std::ios::trunc) << text; }
  static std::string line(std::string_view user, std::string_view kind = "2y") {
    return std::string(user) + ":$" + std::string(kind) + "$04$" + std::string(kHash) + "\n";
  }

  static std::string outcome(HttpBasic& users, std::optional<std::string_view> header) {
    try {
      users.check(header);
    } catch (const Error& error) {
      return std::to_string(http_status(error.code())) + " " + error.what();
    }
    return "accepted";
  }
  std::string refused_at_start() const {
    try {
      HttpBasic users(file_);
    } catch (const base::ConfigError& error) {
      return error.what();
    }
    return "accepted";
  }

  std::filesystem::path directory_;
  std::string file_;
};

TEST_F(HttpBasicTest, TheRightPasswordOpensEveryBcryptVariant) {
  for (const char* kind : {"2a", "2b", "2y"}) {
    write("# a comment\n\n" + line("other") + line("admin", kind));
    HttpBasic users(file_);
    EXPECT_EQ(outcome(users, kAdminSecret), "accepted") << kind;
    EXPECT_EQ(outcome(users, kAdminSecret), "accepted") << kind;
    EXPECT_EQ(outcome(users, kAdminWrong), "401 Authentication required") << kind;
  }
}

TEST_F(HttpBasicTest, WhoIsNotInTheFileStaysOutside) {
  write(line("someone"));
  HttpBasic users(file_);
  EXPECT_EQ(outcome(users, std::nullopt), "401 Authentication required");
  EXPECT_EQ(outcome(users, kAdminSecret), "401 Authentication required");
  write("");
  HttpBasic nobody(file_);
  EXPECT_EQ(outcome(nobody, kAdminSecret), "401 Authentication required");
}

TEST_F(HttpBasicTest, TheFirstLineOfAUserCounts) {
  write("admin:$2y$04$wrongwrongwrongwrongwe2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n" + line("admin"));
  HttpBasic users(file_);
  EXPECT_EQ(outcome(users, kAdminSecret), "401 Authentication required");
}

TEST_F(HttpBasicTest, AMalformedHeaderIsSaid) {
  write(line("admin"));
  HttpBasic users(file_);
  const std::pair<const char*, const char*> kCases[] = {
      {"", "400 Could not parse Authorization header"},
      {"Basic", "400 Could not parse Authorization header"},
      {"Bearer abc", "400 Unsupported authorization type \"Bearer\""},
      {"Basic ***", "400 Could not decode authorization token"},
      {"Basic YWRtaW4", "400 Could not decode authorization token"},
      {"Basic YWRtaW4=", "400 Could not decode authorization token"},  // no colon
      {"Basic /zphYWE=", "400 Could not decode authorization token"},  // not UTF-8
      {"Basic YWRtaW46c2VjcmV0AA==", "401 Authentication required"},   // NUL behind the password
  };
  for (const auto& [header, expected] : kCases)
    EXPECT_EQ(outcome(users, header), expected);
  EXPECT_EQ(outcome(users, "bAsIc  YWRtaW46c2VjcmV0 "), "accepted");
}

TEST_F(HttpBasicTest, AChangedFileIsReadAgain) {
  write(line("admin"));
  HttpBasic users(file_);
  EXPECT_EQ(outcome(users, kAdminSecret), "accepted");
  write(line("someone"));
  EXPECT_EQ(outcome(users, kAdminSecret), "401 Authentication required");
  write(line("someone") + line("admin"));
  EXPECT_EQ(outcome(users, kAdminSecret), "accepted");
}

TEST_F(HttpBasicTest, AFileThatBecomesUnusableClosesTheDoorUntilItIsRepaired) {
  write(line("admin"));
  HttpBasic users(file_);
  EXPECT_EQ(outcome(users, kAdminSecret), "accepted");
  std::filesystem::remove(file_);
  const char* unusable = "503 Invalid configuration file. Problem reading auth user file";
  EXPECT_EQ(outcome(users, kAdminSecret), unusable);
  write("admin:{SHA}x\n");
  EXPECT_EQ(outcome(users, kAdminSecret), unusable);
  write(line("admin"));
  EXPECT_EQ(outcome(users, kAdminSecret), "accepted");
}

TEST_F(HttpBasicTest, AFileThatCannotBeUsedIsRefusedAtStart) {
  EXPECT_EQ(refused_at_start(), "Invalid configuration file. Problem reading auth user file: " +
                                    ("[DEFAULT]http_basic_auth_user_file = " + file_));
  write(line("admin") + "old:$apr1$x$y\n");
  EXPECT_EQ(refused_at_start(),
            "Invalid configuration file. Only bcrypt digested passwords are supported for old: "
            "[DEFAULT]http_basic_auth_user_file = " +
                file_);
  std::filesystem::create_directory(directory_ / "d");
  file_ = (directory_ / "d").string();
  EXPECT_EQ(refused_at_start(), "Invalid configuration file. Problem reading auth user file: " +
                                    ("[DEFAULT]http_basic_auth_user_file = " + file_));
}

}  // namespace
}  // namespace inspector
