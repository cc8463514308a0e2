// Where the server listens, and how it stops.
#include "http/server.h"
#include "http/testing/server_tests.h"

#include <sys/stat.h>
#include <fstream>

namespace http {
namespace {

using namespace std::chrono_literals;
using testing::count;
using testing::echo;
using testing::Flag;
using testing::get;
using testing::in;
using testing::RawSocket;
using testing::status_of;
using testing::TestServer;

TEST(Server, TakesBothFamiliesOnItsDefaultAddress) {
  TestServer server(echo, {.address = "0::0"});
  RawSocket four(server.port(), "127.0.0.1");
  four.send(get("/"));
  EXPECT_NE(four.read_answer().find("X-Peer: 127.0.0.1\r\n"), std::string::npos);
  RawSocket six(server.port(), "::1");
  six.send(get("/"));
  EXPECT_NE(six.read_answer().find("X-Peer: ::1\r\n"), std::string::npos);
}

TEST(Server, NamesTheAddressThatItCannotUse) {
  TestServer server(echo);
  try {
    TestServer second(echo, {.port = server.port()});
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& e) {
    EXPECT_EQ(std::string(e.what()), "cannot listen on address '127.0.0.1' port " +
                                         std::to_string(server.port()) +
                                         ": Address already in use");
  }
}

TEST(ServerStop, LetsARequestInFlightFinishAndEndsIdleConnections) {
  Flag entered;
  Flag go;
  TestServer server([&](const Request& request, const std::stop_token& stop) {
    entered.set();
    go.wait();
    return echo(request, stop);
  });
  RawSocket idle(server.port());
  RawSocket busy(server.port());
  busy.send(get("/"));
  ASSERT_TRUE(entered.wait());
  bool finished = false;
  auto stopper = base::system_env().spawn(
      "stop", [&](const std::stop_token&) { finished = server->stop(in(10s)); });
  EXPECT_EQ(idle.read_all(), "");
  go.set();
  const std::string answer = busy.read_all();
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  stopper.reset();
  EXPECT_TRUE(finished);
  EXPECT_THROW(RawSocket late(server.port()), std::system_error);
}

TEST(ServerStop, CutsOffAtItsDeadlineAndTellsTheHandler) {
  Flag entered;
  Flag told;
  TestServer server([&](const Request& request, const std::stop_token& stop) {
    const std::stop_callback tell(stop, [&] { told.set(); });
    entered.set();
    told.wait();
    return echo(request, stop);
  });
  RawSocket client(server.port());
  client.send(get("/"));
  ASSERT_TRUE(entered.wait());
  EXPECT_FALSE(server->stop(base::system_env().now()));
  EXPECT_EQ(client.read_all(), "");
}

TEST(ServerStop, IsHarmlessBeforeTheStart) {
  base::Pool pool(base::system_env(), {.name = "test"});
  Server server({.address = "127.0.0.1"}, echo, [&](const Request&) { return &pool; });
  EXPECT_TRUE(server.stop(in(1s)));
}

TEST(ServerUnixSocket, HasItsModeReplacesAStaleFileAndIsRemoved) {
  const testing::TemporaryDirectory dir;
  const std::string path = dir / "http.sock";
  testing::leave_unix_socket(path);
  TestServer server(echo, {.unix_socket = path, .unix_socket_mode = 0600});
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  RawSocket client(path);
  client.send(get("/"));
  EXPECT_NE(client.read_answer().find("X-Peer: \r\n"), std::string::npos);
  EXPECT_THROW(TestServer(echo, {.unix_socket = path}), std::runtime_error);
  server->stop(in(10s));
  EXPECT_NE(stat(path.c_str(), &status), 0);
}

TEST(ServerUnixSocket, LeavesAFileThatIsNoSocketAlone) {
  const testing::TemporaryDirectory dir;
  const std::string path = dir / "precious";
  std::ofstream(path) << "data";
  EXPECT_THROW(TestServer(echo, {.unix_socket = path}), std::runtime_error);
  EXPECT_TRUE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace http
