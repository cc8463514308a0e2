#include "base/ini.h"
#include "inspector/config/api.h"
#include "inspector/config/conductor.h"
#include "inspector/config/coordination.h"
#include "inspector/config/database.h"
#include "inspector/config/mdns.h"
#include "inspector/config/rpc.h"

#include <gtest/gtest.h>

#include <functional>

namespace inspector {
namespace {

using std::chrono::seconds;

base::Ini ini_of(std::string_view text) {
  base::Ini ini;
  ini.read_text(text, "i.conf");
  return ini;
}

TEST(Sections, DefaultsAreUpstreams) {
  const base::Ini ini = ini_of("");
  const ApiOptions api = read_api(ini);
  EXPECT_EQ(api.server.address, "::");
  EXPECT_EQ(api.server.port, 5050);
  EXPECT_FALSE(api.server.tls);
  EXPECT_FALSE(api.server.unix_socket_mode);
  EXPECT_EQ(api.api_max_limit, 1000U);
  EXPECT_TRUE(api.can_manage_boot);

  const ConductorOptions conductor = read_conductor(ini);
  EXPECT_TRUE(conductor.standalone);
  EXPECT_FALSE(conductor.host.empty());
  EXPECT_EQ(conductor.timeout, seconds(3600));
  EXPECT_EQ(conductor.clean_up_period, seconds(60));
  EXPECT_EQ(conductor.introspection_delay, seconds(5));
  EXPECT_EQ(conductor.ipmi_address_fields.size(), 5U);

  EXPECT_EQ(read_database(ini).connection, "sqlite:///ironic_inspector.sqlite");
  EXPECT_EQ(read_database(ini).limits.max_connections, 55U);
  EXPECT_EQ(read_coordination(ini).backend_url, "memcached://localhost:11211");
  EXPECT_EQ(read_coordination(ini).group, "ironic_inspector.service_group");
  EXPECT_EQ(read_rpc(ini).server.port, 8099);
  EXPECT_EQ(read_rpc(ini).client_auth.type, ServiceAuth::Type::kNone);
}

TEST(Sections, ZeroAndLessTurnPeriodsOff) {
  const ConductorOptions options = read_conductor(
      ini_of("timeout = 0\nclean_up_period = 0\nintrospection_delay = -3\nhost = h\n"));
  EXPECT_FALSE(options.timeout);
  EXPECT_FALSE(options.clean_up_period);
  EXPECT_EQ(options.introspection_delay, seconds(0));
}

TEST(Sections, TheApisAuthenticationIsThatOfRpcToo) {
  const base::Ini ini =
      ini_of("auth_strategy = http_basic\nhttp_basic_auth_user_file = /etc/users\n");
  EXPECT_EQ(read_rpc(ini).auth, RpcOptions::Auth::kHttpBasic);
  EXPECT_EQ(read_rpc(ini).http_basic_auth_user_file, "/etc/users");
  EXPECT_EQ(
      read_rpc(ini_of("auth_strategy = http_basic\n[json_rpc]\nauth_strategy = noauth\n")).auth,
      RpcOptions::Auth::kNone);
}

TEST(Sections, AUserOfRpcMeansHttpBasic) {
  const RpcOptions rpc = read_rpc(ini_of("[json_rpc]\nusername = Aladdin\npassword = s\n"));
  EXPECT_EQ(rpc.client_auth.type, ServiceAuth::Type::kHttpBasic);
  EXPECT_EQ(rpc.client_auth.username, "Aladdin");
}

TEST(Sections, FormerNamesOfOptionsWork) {
  EXPECT_EQ(read_database(ini_of("sql_connection = sqlite:///a\n")).connection, "sqlite:///a");
  EXPECT_EQ(read_database(ini_of("sql_connection = sqlite:///a\n[database]\nconnection = "
                                 "sqlite:///b\n"))
                .connection,
            "sqlite:///b");
  EXPECT_EQ(read_api(ini_of("use_ssl = 1\nssl_cert_file = c\nssl_key_file = k\n")).server.cert_file,
            "c");
}

TEST(Sections, CiphersAreThoseOfBothServers) {
  const base::Ini ini = ini_of("[ssl]\nciphers = HIGH\n");
  EXPECT_EQ(read_api(ini).server.ciphers, "HIGH");
  EXPECT_EQ(read_rpc(ini).server.ciphers, "HIGH");
}

TEST(Sections, WrongValuesAreNamed) {
  using Read = std::function<void(const base::Ini&)>;
  const Read api = [](const base::Ini& i) { read_api(i); };
  const Read conductor = [](const base::Ini& i) { read_conductor(i); };
  const Read database = [](const base::Ini& i) { read_database(i); };
  const Read coordination = [](const base::Ini& i) { read_coordination(i); };
  const Read rpc = [](const base::Ini& i) { read_rpc(i); };
  const struct {
    Read read;
    std::string_view lines;
    std::string text;
  } kCases[] = {
      {api, "listen_port = 70000\n",
       "i.conf:1: [DEFAULT]listen_port = 70000: not an integer from 0 to 65535"},
      {api, "listen_port = http\n",
       "i.conf:1: [DEFAULT]listen_port = http: not an integer from 0 to 65535"},
      {api, "listen_unix_socket_mode = 0999\n",
       "i.conf:1: [DEFAULT]listen_unix_socket_mode = 0999: not an octal number from 0 to 7777"},
      {api, "listen_unix_socket_mode = 7777\n",
       "i.conf:1: [DEFAULT]listen_unix_socket_mode = 7777: accepted: an octal number up to 777"},
      {api, "api_max_limit = 0\n",
       "i.conf:1: [DEFAULT]api_max_limit = 0: not an integer from 1 to 2147483647"},
      {api, "can_manage_boot = perhaps\n",
       "i.conf:1: [DEFAULT]can_manage_boot = perhaps: not a boolean; accepted are 1, t, true, on, "
       "y, yes and 0, f, false, off, n, no"},
      {api, "use_ssl = True\n", "i.conf:1: [DEFAULT]use_ssl = True: needs [ssl]cert_file"},
      {api, "use_ssl = True\n[ssl]\ncert_file = c\n",
       "i.conf:1: [DEFAULT]use_ssl = True: needs [ssl]key_file"},
      {conductor, "host = a b\n",
       "i.conf:1: [DEFAULT]host = a b: accepted: up to 200 printable ASCII characters without "
       "blanks and '/'"},
      {conductor, "host = h\nmax_concurrency = 1\n",
       "i.conf:2: [DEFAULT]max_concurrency = 1: not an integer from 2 to 100000"},
      {conductor, "host = h\nclean_up_period = -1\n",
       "i.conf:2: [DEFAULT]clean_up_period = -1: not an integer from 0 to 315576000"},
      {database, "[database]\nconnection =\n",
       "[database]connection is empty; accepted: a database URL"},
      {database, "[database]\nmysql_sql_mode = a' b\n",
       "i.conf:2: [database]mysql_sql_mode = a' b: accepted: names of modes, commas between them"},
      {database, "[database]\nmax_pool_size = many\n",
       "i.conf:2: [database]max_pool_size = many: not an integer from 0 to 10000"},
      {coordination, "[coordination]\ngroup = a/b\n",
       "i.conf:2: [coordination]group = a/b: accepted: a name without '/'"},
      {rpc, "[json_rpc]\nauth_type = password\n",
       "[json_rpc]auth_type = password needs [json_rpc]auth_url"},
      {rpc, "[json_rpc]\nauth_type = http_basic\n",
       "[json_rpc]auth_type = http_basic needs [json_rpc]username, a name without ':'"},
      {rpc, "[json_rpc]\nuse_ssl = True\n",
       "i.conf:2: [json_rpc]use_ssl = True: needs [json_rpc]cert_file and [json_rpc]key_file"},
  };
  for (const auto& c : kCases) {
    try {
      c.read(ini_of(c.lines));
      ADD_FAILURE() << "accepted: " << c.lines;
    } catch (const base::ConfigError& error) {
      EXPECT_EQ(error.what(), c.text);
    }
  }
}

TEST(Mdns, AnEndpointIsNeededToPublishIt) {
  base::Ini ini;
  ini.read_text("[DEFAULT]\nenable_mdns = true\n", "i.conf");
  try {
    read_mdns(ini);
    FAIL();
  } catch (const base::ConfigError& e) {
    EXPECT_NE(std::string(e.what()).find("[service_catalog]endpoint_override"), std::string::npos);
  }
}

TEST(Mdns, ParametersMayBeQuoted) {
  base::Ini ini;
  ini.read_text("[mdns]\nparams = ipa-debug:\"1\",x:y\ninterfaces = 192.0.2.1\n", "i.conf");
  const MdnsOptions options = read_mdns(ini);
  EXPECT_FALSE(options.enabled);
  EXPECT_EQ(options.params,
            (std::vector<std::pair<std::string, std::string>>{{"ipa-debug", "1"}, {"x", "y"}}));
  EXPECT_EQ(options.publication.interfaces, std::vector<std::string>{"192.0.2.1"});
}

TEST(Sections, TheDatabasesOptionsReachIt) {
  const DatabaseOptions plain = read_database(ini_of(""));
  EXPECT_TRUE(plain.limits.flush);
  EXPECT_EQ(plain.limits.recycle, std::chrono::seconds(3600));
  EXPECT_EQ(plain.limits.mysql_mode, "TRADITIONAL");
  EXPECT_FALSE(plain.limits.wsrep_sync_wait || plain.max_retries);
  const DatabaseOptions set = read_database(
      ini_of("[database]\nconnection = mysql://h/d?charset=utf8\nconnection_parameters = "
             "ssl_ca=/ca&x=y\nsqlite_synchronous = false\nconnection_recycle_time = -1\n"
             "mysql_sql_mode =\nmysql_wsrep_sync_wait = 7\nmax_retries = 3\nretry_interval = 2\n"));
  EXPECT_EQ(set.connection, "mysql://h/d?charset=utf8&ssl_ca=/ca&x=y");
  EXPECT_FALSE(set.limits.flush);
  EXPECT_EQ(set.limits.recycle, std::chrono::seconds(0));
  EXPECT_EQ(set.limits.mysql_mode, "");
  EXPECT_EQ(set.limits.wsrep_sync_wait, 7);
  EXPECT_EQ(set.max_retries, 3);
  EXPECT_EQ(set.retry_interval, std::chrono::seconds(2));
}

TEST(Sections, MaxRetriesBelowZeroWaitsForEver) {
  EXPECT_FALSE(read_database(ini_of("[database]\nmax_retries = -1\n")).max_retries);
}

TEST(Sections, TheApisConnectionsAreAsToldTo) {
  const http::ServerOptions plain = read_api(ini_of("")).server;
  EXPECT_TRUE(plain.keep_alive);
  EXPECT_EQ(plain.tcp_keepidle, std::chrono::seconds(600));
  EXPECT_EQ(plain.tls_version, http::ServerOptions::TlsVersion::kAny);
  const ApiOptions set = read_api(
      ini_of("wsgi_keep_alive = false\ntcp_keepidle = 60\nwsgi_log_format = %(client_ip)s\n"
             "[ssl]\nversion = TLSv1_2\n"));
  EXPECT_FALSE(set.server.keep_alive);
  EXPECT_EQ(set.server.tcp_keepidle, std::chrono::seconds(60));
  EXPECT_EQ(set.server.tls_version, http::ServerOptions::TlsVersion::k12);
  EXPECT_EQ(set.access_format, "%(client_ip)s");
}

}  // namespace
}  // namespace inspector
