#include "inspector/config/keystone.h"

#include "base/ini.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

base::Ini ini_of(const std::string& text) {
  base::Ini ini;
  ini.read_text(text, "i.conf");
  return ini;
}

std::string refusal(const std::string& lines) {
  try {
    read_service_auth(ini_of("[s]\n" + lines), "s", "password");
    return "accepted";
  } catch (const base::ConfigError& error) {
    return error.what();
  }
}

TEST(ServiceAuthOptions, AreKeystoneauths) {
  const ServiceAuth auth = read_service_auth(
      ini_of("[s]\nauth_section = who\n[who]\nauth_type = v3password\nauth_url = http://k/v3\n"
             "user_name = u\npassword = p\ntenant_name = t\ndefault_domain_id = d\n"
             "system_scope = all\n"),
      "s", "none");
  EXPECT_EQ(auth.type, ServiceAuth::Type::kPassword);
  EXPECT_EQ(auth.username, "u");
  EXPECT_EQ(auth.project_name, "t");
  EXPECT_EQ(auth.user_domain_id, "d");
  EXPECT_EQ(auth.project_domain_id, "d");
  EXPECT_EQ(auth.system_scope, "all");
  EXPECT_EQ(read_service_auth(ini_of(""), "s", "none").type, ServiceAuth::Type::kNone);
}

TEST(ServiceAuthOptions, WhatIsMissingIsNamedAndNoSecretShown) {
  EXPECT_EQ(refusal(""), "[s]auth_type = password needs [s]auth_url");
  EXPECT_EQ(refusal("auth_url = http://k\n"), "[s]auth_type = password needs [s]username");
  EXPECT_EQ(refusal("auth_url = http://k\nusername = u\n"),
            "[s]auth_type = password needs [s]password");
  EXPECT_EQ(refusal("auth_type = v3applicationcredential\nauth_url = http://k\n"),
            "[s]auth_type = v3applicationcredential needs [s]application_credential_secret");
  EXPECT_EQ(refusal("auth_type = v4password\n"),
            "i.conf:2: [s]auth_type = v4password: accepted: none, noauth, http_basic, password, "
            "v3password, token, v3token, v3applicationcredential, v1password, v2password, v2token");
  EXPECT_EQ(refusal("auth_type = v2password\nauth_url = http://k/v2.0\nusername = u\n"),
            "[s]auth_type = v2password needs [s]password");
  EXPECT_EQ(refusal("auth_type = v2token\nauth_url = http://k/v2.0\n"),
            "[s]auth_type = v2token needs [s]token");
  EXPECT_EQ(refusal("auth_url = http://u:word@k\n").find("word"), std::string::npos);
  EXPECT_EQ(refusal("auth_type = http_basic\n"),
            "[s]auth_type = http_basic needs [s]username, a name without ':'");
}

TEST(TokenOptions, NeedAServiceUser) {
  EXPECT_THROW(read_token_options(ini_of("")), base::ConfigError);
  const TokenOptions options = read_token_options(
      ini_of("[keystone_authtoken]\nauth_type = password\nauth_url = http://k\nusername = u\n"
             "password = p\ntoken_cache_time = -1\nservice_token_roles = a, b\n"));
  EXPECT_EQ(options.www_authenticate_uri, "http://k");
  EXPECT_EQ(options.cache_time, base::Env::Duration::zero());
  EXPECT_EQ(options.service_token_roles, (std::vector<std::string>{"a", "b"}));
}

TEST(TokenOptions, WrongValuesAreNamed) {
  const std::string user =
      "[keystone_authtoken]\nauth_type = password\nauth_url = http://k\nusername = u\n"
      "password = p\n";
  EXPECT_EQ(read_token_options(ini_of(user + "interface = adminURL\nauth_version = v3.14\n"))
                .identity.interfaces,
            std::vector<std::string>{"admin"});
  const std::pair<std::string, std::string> kCases[] = {
      {"interface = publik", "accepted: public, internal, admin"},
      {"auth_version = v2.0", "accepted: v3"},
      {"certfile = /nonexistent", "cannot be read: No such file or directory"},
      {"cafile = /", "is a directory"},
  };
  for (const auto& [line, why] : kCases) {
    try {
      read_token_options(ini_of(user + line + "\n"));
      ADD_FAILURE() << "accepted: " << line;
    } catch (const base::ConfigError& error) {
      EXPECT_EQ(error.what(), "i.conf:6: [keystone_authtoken]" + line + ": " + why);
    }
  }
}

SharedTokenOptions shared_of(const std::string& text) {
  return read_shared_token_options(ini_of("[keystone_authtoken]\n" + text));
}

TEST(SharedTokenOptions, ServersAreNamedAsPythonsClientTakesThem) {
  EXPECT_TRUE(shared_of("").servers.empty());
  const SharedTokenOptions options = shared_of(
      "memcached_servers = one, two:11212, 192.0.2.1, [2001:db8::1]:5, inet:three:6, "
      "inet6:[::1], unix:/run/m.sock, ::1\n");
  const std::pair<std::string, std::uint16_t> kExpected[] = {
      {"one", 11211}, {"two", 11212}, {"192.0.2.1", 11211}, {"2001:db8::1", 5},
      {"three", 6},   {"::1", 11211}, {"/run/m.sock", 0},   {"::1", 11211}};
  ASSERT_EQ(options.servers.size(), std::size(kExpected));
  for (std::size_t i = 0; i < std::size(kExpected); ++i) {
    EXPECT_EQ(options.servers[i].host, kExpected[i].first);
    EXPECT_EQ(options.servers[i].port, kExpected[i].second);
  }
  EXPECT_EQ(shared_of("memcache_servers = old\n").servers.size(), 1U);
  for (const char* bad : {"one:x", "one:0", "one:70000", ":5", "[::1", "[::1]5", "a b", "a/b"})
    EXPECT_THROW(shared_of("memcached_servers = " + std::string(bad) + "\n"), base::ConfigError)
        << bad;
}

TEST(SharedTokenOptions, WhatIsHiddenNeedsASecret) {
  using Security = SharedTokenOptions::Security;
  EXPECT_EQ(shared_of("").security, Security::kNone);
  EXPECT_EQ(shared_of("memcache_security_strategy = encrypt\nmemcache_secret_key = k\n").security,
            Security::kEncrypt);
  EXPECT_THROW(shared_of("memcache_security_strategy = MAC\n"), base::ConfigError);
  EXPECT_THROW(shared_of("memcache_security_strategy = ROT13\nmemcache_secret_key = k\n"),
               base::ConfigError);
}

TEST(SharedTokenOptions, TheSimplePoolHasItsOwnLimits) {
  EXPECT_EQ(shared_of("memcache_pool_maxsize = 3\n").most_connections, 3U);
  EXPECT_EQ(shared_of("memcache_pool_dead_retry = 7\n").dead_retry, std::chrono::seconds(7));
  EXPECT_EQ(shared_of("memcache_use_advanced_pool = false\n").dead_retry, std::chrono::seconds(30));
}

}  // namespace
}  // namespace inspector
