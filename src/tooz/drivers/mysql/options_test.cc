#include "tooz/drivers/mysql/options.h"

#include <gtest/gtest.h>

namespace tooz::mysql {
namespace {

std::string refusal_of(const std::string& url) {
  try {
    options_from(parse_url(url));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kBadUrl);
    return e.what();
  }
  return "";
}

TEST(MysqlOptions, AUrlGivesAllThereIs) {
  const Options options = options_from(
      parse_url("mysql://joe:se%40cret@a,b:3307/data?timeout=2&unix_socket=/s&ssl_ca=/ca"
                "&ssl_capath=/p&ssl_cert=/c&ssl_key=/k&ssl_cipher=X"));
  ASSERT_EQ(options.settings.hosts.size(), 2U);
  EXPECT_EQ(options.settings.hosts[0].port, 3306);
  EXPECT_EQ(options.settings.hosts[1].port, 3307);
  EXPECT_EQ(options.settings.timeout, std::chrono::seconds(2));
  EXPECT_EQ(options.settings.name, "mysql://joe:***@a,b:3307/data");
  EXPECT_EQ(options.user, "joe");
  EXPECT_EQ(options.password, "se@cret");
  EXPECT_EQ(options.database, "data");
  EXPECT_EQ(options.unix_socket, "/s");
  EXPECT_EQ(options.tls.ca, "/ca");
  EXPECT_EQ(options.tls.ca_path, "/p");
  EXPECT_EQ(options.tls.certificate, "/c");
  EXPECT_EQ(options.tls.key, "/k");
  EXPECT_EQ(options.tls.cipher, "X");
}

TEST(MysqlOptions, WhoNamesAuthoritiesWantsTheServerChecked) {
  const auto tls = [](const std::string& query) {
    return options_from(parse_url("mysql://h/d?" + query)).tls;
  };
  EXPECT_FALSE(tls("").wanted);
  EXPECT_TRUE(tls("ssl_ca=/ca").wanted);
  EXPECT_TRUE(tls("ssl_ca=/ca").verify);
  EXPECT_TRUE(tls("ssl_capath=/ca").verify);
  EXPECT_TRUE(tls("ssl_verify_mode=REQUIRED").verify);
  EXPECT_TRUE(tls("ssl_verify_mode=optional").verify);
  EXPECT_TRUE(tls("ssl_verify_mode=none").wanted);
  EXPECT_FALSE(tls("ssl_verify_mode=none").verify);
  EXPECT_FALSE(tls("ssl_ca=/ca&ssl_verify_mode=none").verify);
  EXPECT_TRUE(tls("ssl_ca=/ca&ssl_check_hostname=yes").verify);
}

TEST(MysqlOptions, WhatCannotBeUsedIsNamed) {
  EXPECT_NE(refusal_of("mysql://h/d?colour=red").find("`colour`"), std::string::npos);
  EXPECT_NE(refusal_of("mysql://h").find("database"), std::string::npos);
  EXPECT_NE(refusal_of("mysql://h/").find("database"), std::string::npos);
  EXPECT_NE(refusal_of("mysql://h/d?ssl_cert=/c").find("`ssl_key`"), std::string::npos);
  EXPECT_NE(refusal_of("mysql://h/d?ssl_verify_mode=maybe").find("`maybe`"), std::string::npos);
  EXPECT_NE(refusal_of("mysql://h/d?ssl_ca=/ca&ssl_check_hostname=no").find("ssl_verify_mode"),
            std::string::npos);
  EXPECT_NE(refusal_of("mysql://h/d?ssl_check_hostname=yes").find("ssl_verify_mode"),
            std::string::npos);
  EXPECT_EQ(refusal_of("mysql://:secret@h/d").find("secret"), std::string::npos);
  EXPECT_NE(refusal_of("mysql://:secret@h/d").find("user"), std::string::npos);
}

}  // namespace
}  // namespace tooz::mysql
