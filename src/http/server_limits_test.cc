// Slow, silent and hostile clients, and more work than there is room for.
#include "http/server.h"
#include "http/testing/server_tests.h"

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

TEST(Server, AnswersHostileBytesAndGoesOn) {
  using namespace std::string_literals;
  TestServer server(echo, {.max_header = 1000, .max_body = 100});
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\n";
  const std::pair<std::string, int> table[] = {
      {"\0\0\0\0\0\0\0\0"s, 400},
      {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"GET / HTTP/9.9\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: h\n\n", 400},
      {"GET /" + std::string(100000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 431},
      {get("/", "X: " + std::string(5000, 'a') + "\r\n"), 431},
      {post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\n", 400},
      {post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {post + "Transfer-Encoding: gzip\r\n\r\n", 501},
      {post + "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413},
      {post + "Content-Length: 999999999999\r\n\r\n" + std::string(200000, 'a'), 413},
      {post + "Content-Length: 3\r\nExpect: wonders\r\n\r\n", 417},
  };
  for (const auto& [bytes, status] : table) {
    RawSocket client(server.port());
    client.send(bytes);
    EXPECT_EQ(status_of(client.read_all()), status) << bytes.substr(0, 60);
  }
  RawSocket client(server.port());
  client.send(get("/"));
  EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST(Server, EndsTheConnectionOfASlowHeaderAndSaysSo) {
  TestServer server(echo, {.header_time = 30ms});
  RawSocket client(server.port());
  client.send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(status_of(client.read_all()), 408);
}

TEST(Server, EndsTheConnectionOfASlowBody) {
  TestServer server(echo, {.body_time = 30ms});
  RawSocket client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(status_of(client.read_all()), 408);
}

TEST(Server, EndsSilentConnectionsWithoutAWord) {
  TestServer server(echo, {.header_time = 30ms, .idle_time = 30ms});
  RawSocket silent(server.port());
  EXPECT_EQ(silent.read_all(), "");
  RawSocket idle(server.port());
  idle.send(get("/"));
  EXPECT_EQ(status_of(idle.read_answer()), 200);
  EXPECT_EQ(idle.read_all(), "");
}

TEST(Server, EndsTheConnectionOfAClientThatDoesNotRead) {
  Flag answered;
  TestServer server(
      [&](const Request&, const std::stop_token&) {
        answered.set();
        return Response{.body = std::string(50'000'000, 'x')};
      },
      {.write_time = 50ms});
  RawSocket client(server.port());
  client.send(get("/"));
  ASSERT_TRUE(answered.wait());
  EXPECT_TRUE(server->stop(in(10s)));  // nothing is left but this connection
}

TEST(Server, SlowClientsHoldNoWorker) {
  TestServer server(echo, {}, {.name = "one", .max_threads = 1, .max_queued = 1});
  std::vector<RawSocket> slow;
  for (int i = 0; i < 50; ++i) {
    slow.emplace_back(server.port());
    slow.back().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab");
  }
  RawSocket client(server.port());
  client.send(get("/"));
  EXPECT_EQ(status_of(client.read_answer()), 200);
}

TEST(Server, RefusesWhatAFullPoolDoesNotTakeAndKeepsTheConnection) {
  Flag entered;
  Flag go;
  TestServer server(
      [&](const Request& request, const std::stop_token& stop) {
        if (request.target == "/block") {
          entered.set();
          go.wait();
        }
        return echo(request, stop);
      },
      {}, {.name = "one", .max_threads = 1, .max_queued = 1});
  RawSocket first(server.port());
  first.send(get("/block"));
  ASSERT_TRUE(entered.wait());
  // One may wait in the pool's queue; of two at least one is refused, and may ask again.
  RawSocket second(server.port());
  RawSocket third(server.port());
  second.send(get("/"));
  third.send(get("/"));
  std::string refused;
  RawSocket fourth(server.port());
  fourth.send(get("/"));
  refused = fourth.read_until("\r\n\r\n");
  if (status_of(refused) != 503) refused = third.read_until("\r\n\r\n");
  EXPECT_EQ(status_of(refused), 503);
  EXPECT_NE(refused.find("Retry-After: 5\r\n"), std::string::npos);
  EXPECT_EQ(refused.find("Connection: close"), std::string::npos);
  go.set();
  EXPECT_EQ(status_of(first.read_answer()), 200);
}

TEST(Server, RefusesWhatHasNoPool) {
  TestServer server(echo);
  server.route_nowhere();
  RawSocket client(server.port());
  client.send(get("/") + "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n");
  const std::string answers = client.read_all();
  EXPECT_EQ(count(answers, "HTTP/1.1 503 SERVICE UNAVAILABLE\r\n"), 2U);
  EXPECT_EQ(count(answers, "Retry-After: 5\r\n"), 2U);
}

TEST(Server, RefusesBodiesOverTheBudgetUntilItIsGivenBack) {
  TestServer server(echo, {.max_bodies = 100});
  const std::string post = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n";
  RawSocket first(server.port());
  first.send(post + std::string(50, 'x'));
  std::string refused;
  while (status_of(refused) != 503) {  // until what `first` sent has been counted
    RawSocket second(server.port());
    second.send(post + std::string(60, 'x'));
    second.finish_sending();
    refused = second.read_all();
    ASSERT_TRUE(status_of(refused) == 200 || status_of(refused) == 503) << refused;
  }
  EXPECT_NE(refused.find("Retry-After: "), std::string::npos);
  first.send(std::string(10, 'x'));
  EXPECT_EQ(status_of(first.read_answer()), 200);
  RawSocket third(server.port());
  third.send(post + std::string(60, 'x'));
  EXPECT_EQ(status_of(third.read_answer()), 200);
}

TEST(Server, ClosesConnectionsOverTheirLimit) {
  TestServer server(echo, {.max_connections = 1});
  RawSocket first(server.port());
  first.send(get("/"));
  EXPECT_EQ(status_of(first.read_answer()), 200);
  RawSocket second(server.port());
  EXPECT_EQ(second.read_all(), "");
}

}  // namespace
}  // namespace http
