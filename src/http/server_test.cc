#include "http/server.h"

#include "http/testing/raw_socket.h"
#include "http/testing/test_server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <algorithm>
#include <fstream>

namespace http {
namespace {

using namespace std::chrono_literals;
using testing::Flag;
using testing::in;
using testing::RawSocket;
using testing::TestServer;

/// Tells what arrived.
Response echo(const Request& request, const std::stop_token&) {
  Response response;
  response.headers = {{"X-Peer", request.peer}, {"X-Tls", request.tls ? "yes" : "no"}};
  response.body = request.method + ' ' + request.target + ' ' + request.body;
  return response;
}

std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(answer.c_str() + 9) : 0;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++n;
  return n;
}

TEST(Server, AnswersRequestsOneAfterTheOtherOnOneConnection) {
  TestServer server(echo);
  RawSocket client(server.port());
  for (const std::string target : {"/1", "/2", "/3?a=b"}) {
    client.send(get(target));
    const std::string answer = client.read_answer();
    EXPECT_EQ(status_of(answer), 200);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nGET " + target + " ")) << answer;
    EXPECT_NE(answer.find("X-Peer: 127.0.0.1\r\n"), std::string::npos);
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer server(echo, {.io_threads = 2});
  RawSocket client(server.port());
  std::string requests;
  for (int i = 0; i < 200; ++i)
    requests += get("/" + std::to_string(i));
  client.send(requests + get("/last", "Connection: close\r\n"));
  const std::string answers = client.read_all();
  std::size_t at = 0;
  for (int i = 0; i < 200; ++i) {
    at = answers.find("GET /" + std::to_string(i) + ' ', at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_TRUE(answers.ends_with("GET /last "));
}

TEST(Server, HasOneRequestOfAConnectionInWorkAtATime) {
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  TestServer server([&](const Request& request, const std::stop_token& stop) {
    most = std::max(most.load(), ++now);
    Response response = echo(request, stop);
    --now;
    return response;
  });
  RawSocket client(server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i)
    requests += get("/");
  client.send(requests + get("/", "Connection: close\r\n"));
  EXPECT_EQ(count(client.read_all(), "HTTP/1.1 200"), 51U);
  EXPECT_EQ(most, 1);
}

TEST(Server, TakesBodiesOfBothKinds) {
  TestServer server(echo);
  RawSocket client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_TRUE(client.read_answer().ends_with("POST / hello"));
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
  client.send("lo\r\n6\r\n world\r\n0\r\n\r\n");
  EXPECT_TRUE(client.read_answer().ends_with("PUT / hello world"));
}

TEST(Server, TakesAndSendsLargeBodies) {
  TestServer server([](const Request& request, const std::stop_token&) {
    return Response{.body = request.body};
  });
  RawSocket client(server.port());
  const std::string body(5'000'000, 'x');
  client.send("POST / HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: " +
              std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_TRUE(client.read_all().ends_with("\r\n\r\n" + body));
}

TEST(Server, SaysContinueBeforeTheBodyComes) {
  TestServer server(echo);
  RawSocket client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_TRUE(client.read_answer().ends_with("POST / ab"));
}

TEST(Server, RefusesATooLargeBodyInsteadOfAskingForIt) {
  TestServer server(echo, {.max_body = 10});
  RawSocket client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(client.read_answer()), 413);
}

TEST(Server, AnswersHeadWithoutBody) {
  TestServer server(echo);
  RawSocket client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_NE(answer.find("Content-Length: 8\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST(Server, SpeaksHttp10) {
  TestServer server(echo);
  RawSocket once(server.port());
  once.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_NE(once.read_all().find("Connection: close\r\n"), std::string::npos);
  RawSocket kept(server.port());
  kept.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(kept.read_answer().find("Connection: keep-alive\r\n"), std::string::npos);
  kept.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(kept.read_all().ends_with("GET /2 "));
}

TEST(Server, AnswersAClientThatHasFinishedSending) {
  TestServer server(echo);
  RawSocket client(server.port());
  client.send(get("/"));
  client.finish_sending();
  EXPECT_EQ(status_of(client.read_all()), 200);
}

TEST(Server, DoesNotBeginWhatItsClientHasGivenUp) {
  std::atomic<int> begun = 0;
  base::Pool pool(base::system_env(), {.name = "test"});
  ServerOptions options;
  options.address = "127.0.0.1";
  options.skip_abandoned = true;
  Server server(
      options,
      [&](const Request&, const std::stop_token&) {
        ++begun;
        return Response{};
      },
      [&](const Request&) { return &pool; });
  RawSocket impatient(server.port());
  impatient.send(get("/"));
  impatient.close();
  RawSocket patient(server.port());
  patient.send(get("/"));
  server.start();
  EXPECT_EQ(status_of(patient.read_answer()), 200);
  server.stop(in(std::chrono::seconds(10)));
  pool.drain(in(std::chrono::seconds(10)));
  EXPECT_EQ(begun, 1);
}

TEST(Server, RefusesWithJsonItsHeadersAndAnEnd) {
  TestServer server(echo, {.extra_headers = {{"X-Version", "1"}}});
  RawSocket client(server.port());
  client.send("GET / HTTP/1.1\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 BAD REQUEST\r\n")) << answer;
  EXPECT_NE(answer.find("X-Version: 1\r\n"), std::string::npos);
  EXPECT_NE(answer.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(
      answer.ends_with("\r\n\r\n{\"error\":{\"message\":\"The request has no Host header\"}}\n"));
}

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

TEST(Server, TurnsWhatAHandlerThrowsIntoABare500) {
  TestServer server([](const Request& request, const std::stop_token&) -> Response {
    if (request.target == "/odd") throw 7;  // NOLINT: what must not matter
    throw std::runtime_error("the secret");
  });
  RawSocket client(server.port());
  for (const std::string target : {"/", "/odd"}) {
    client.send(get(target));
    const std::string answer = client.read_answer();
    EXPECT_EQ(status_of(answer), 500);
    EXPECT_EQ(answer.find("secret"), std::string::npos);
  }
}

TEST(Server, ClosesWithoutAnAnswerWhenTheHandlerWantsIt) {
  TestServer server([](const Request&, const std::stop_token&) { return dropped(); });
  RawSocket client(server.port());
  client.send(get("/"));
  EXPECT_EQ(client.read_all(), "");
}

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
