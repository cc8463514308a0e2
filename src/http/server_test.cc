#include "http/server.h"
#include "http/testing/server_tests.h"

#include <algorithm>

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

TEST(Server, WithoutKeepAliveAConnectionEndsWithItsFirstAnswer) {
  TestServer server(echo, {.keep_alive = false});
  RawSocket client(server.port());
  client.send(get("/1") + get("/2"));
  const std::string answers = client.read_all();
  EXPECT_NE(answers.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answers.ends_with("GET /1 ")) << answers;
}

}  // namespace
}  // namespace http
