#include "http/client.h"

#include "http/testing/raw_socket.h"
#include "http/testing/test_server.h"

#include <gtest/gtest.h>
#include <cstdlib>

namespace http {
namespace {

using namespace std::chrono_literals;
using testing::certificates;
using testing::Flag;
using testing::in;
using testing::RawListener;
using testing::RawSocket;
using testing::TestServer;

/// A proxy of the machine's user has no part in this.
const bool kNoProxy = setenv("no_proxy", "*", 1) == 0;

Response echo(const Request& request, const std::stop_token&) {
  Response response{.status = 202, .headers = {{"X-Tls", request.tls ? "yes" : "no"}}};
  response.body = request.method + ' ' + request.target + ' ' + request.body;
  for (const auto& [name, value] : request.headers)
    if (same_name(name, "Content-Type") || name.starts_with("X-")) response.body += '|' + value;
  return response;
}

/// The error of a request that must fail.
struct Failed {
  Errc code{};
  std::string text;
};

Failed failure(Client& client, const std::string& url, const Request& request,
               base::Env::TimePoint deadline = in(10s), std::stop_token stop = {}) {
  try {
    client.send(url, request, deadline, std::move(stop));
  } catch (const Error& e) {
    return {static_cast<Errc>(e.code().value()), e.what()};
  }
  ADD_FAILURE() << "answered: " << url;
  return {};
}

class ClientTest : public ::testing::Test {
 protected:
  Client client_{base::system_env(), {}};
};

TEST_F(ClientTest, SendsWhatItIsGivenAndReturnsAnyStatus) {
  TestServer server(echo);
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    const Request request{.method = method,
                          .target = "/a/../b?c=%20",
                          .headers = {{"Content-Type", "x/y"}, {"X-A", "1"}, {"X-Empty", ""}},
                          .body = method == "GET" || method == "DELETE" ? "" : "body"};
    const Response answer = client_.send(server.url() + "/prefix/", request, in(10s), {});
    EXPECT_EQ(answer.status, 202);
    EXPECT_EQ(answer.reason, "ACCEPTED");
    EXPECT_EQ(find_header(answer.headers, "x-tls"), "no");
    EXPECT_EQ(answer.body, method + " /prefix/a/../b?c=%20 " + request.body + "|x/y|1|");
  }
}

TEST_F(ClientTest, AddsNoContentTypeOfItsOwnAndTellsTheLengthOfNothing) {
  RawListener listener;
  std::string got;
  const auto peer = base::system_env().spawn("peer", [&](const std::stop_token&) {
    RawSocket socket = listener.accept();
    got = socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n");
  });
  const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
  EXPECT_EQ(client_.send(url, {.method = "POST"}, in(10s), {}).status, 204);
  EXPECT_TRUE(got.starts_with("POST / HTTP/1.1\r\n")) << got;
  EXPECT_NE(got.find("Content-Length: 0\r\n"), std::string::npos) << got;
  EXPECT_EQ(got.find("Content-Type"), std::string::npos) << got;
  EXPECT_EQ(got.find("Expect"), std::string::npos) << got;
}

TEST_F(ClientTest, HeadHasHeadersAndNoBody) {
  TestServer server(echo);
  const Response answer =
      client_.send(server.url(), {.method = "HEAD", .target = "/"}, in(10s), {});
  EXPECT_EQ(find_header(answer.headers, "Content-Length"), "7");
  EXPECT_TRUE(answer.body.empty());
}

TEST_F(ClientTest, CarriesLargeBodiesBothWays) {
  TestServer server(
      [](const Request& r, const std::stop_token&) { return Response{.body = r.body}; });
  const Request request{.method = "POST", .target = "/", .body = std::string(3'000'000, 'x')};
  EXPECT_EQ(client_.send(server.url(), request, in(10s), {}).body, request.body);
}

TEST_F(ClientTest, UsesAConnectionAgain) {
  TestServer server(echo, {.max_connections = 1});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client_.send(server.url(), {.target = "/"}, in(10s), {}).status, 202);
}

TEST_F(ClientTest, DoesNotFollowRedirects) {
  TestServer server([](const Request&, const std::stop_token&) {
    return Response{.status = 302, .headers = {{"Location", "/elsewhere"}}};
  });
  EXPECT_EQ(client_.send(server.url(), {.target = "/"}, in(10s), {}).status, 302);
}

TEST_F(ClientTest, RefusedConnectionIsNotSent) {
  RawListener listener;
  const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
  listener.close();
  EXPECT_EQ(failure(client_, url, {.method = "POST", .target = "/"}).code, Errc::kNotSent);
}

TEST_F(ClientTest, UnknownHostIsNotSent) {
  EXPECT_EQ(failure(client_, "http://nobody.invalid", {.target = "/"}).code, Errc::kNotSent);
}

TEST_F(ClientTest, DeadlineThatHasPassedIsNotSent) {
  TestServer server(echo);
  EXPECT_EQ(failure(client_, server.url(), {.target = "/"}, in(-1s)).code, Errc::kNotSent);
}

TEST_F(ClientTest, ServerThatClosesAfterReadingGivesNoAnswer) {
  TestServer server([](const Request&, const std::stop_token&) { return dropped(); });
  EXPECT_EQ(failure(client_, server.url(), {.target = "/"}).code, Errc::kNoAnswer);
}

TEST_F(ClientTest, HalfAnAnswerIsNone) {
  RawListener listener;
  const auto peer = base::system_env().spawn("peer", [&](const std::stop_token&) {
    RawSocket socket = listener.accept();
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  });
  const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
  EXPECT_EQ(failure(client_, url, {.target = "/"}).code, Errc::kNoAnswer);
}

TEST_F(ClientTest, AnswerOverTheLimitIsNone) {
  Client small(base::system_env(), {.max_answer = 1000});
  TestServer server([](const Request&, const std::stop_token&) {
    return Response{.body = std::string(1000, 'x')};
  });
  const Failed failed = failure(small, server.url(), {.target = "/"});
  EXPECT_EQ(failed.code, Errc::kNoAnswer);
  EXPECT_NE(failed.text.find("larger than 1000 bytes"), std::string::npos) << failed.text;
}

/// Answers the first request of a connection and closes it after reading the second; then serves
/// another connection if one comes.
int requests_seen(Client& client, const Request& request) {
  std::atomic<int> seen{0};
  TestServer server(
      [&](const Request&, const std::stop_token&) { return ++seen == 2 ? dropped() : Response{}; });
  client.send(server.url(), {.target = "/"}, in(10s), {});
  if (request.method == "GET")
    EXPECT_EQ(client.send(server.url(), request, in(10s), {}).status, 200);
  else
    EXPECT_EQ(failure(client, server.url(), request).code, Errc::kNoAnswer);
  return seen;
}

TEST_F(ClientTest, RepeatsOnlyWhatDoesNoHarmTwiceWhenAKeptConnectionEnds) {
  EXPECT_EQ(requests_seen(client_, {.method = "GET", .target = "/"}), 3);
  EXPECT_EQ(requests_seen(client_, {.method = "POST", .target = "/", .body = "x"}), 2);
  EXPECT_EQ(requests_seen(client_, {.method = "POST", .target = "/"}), 2);
  EXPECT_EQ(requests_seen(client_, {.method = "PUT", .target = "/", .body = "x"}), 2);
  EXPECT_EQ(requests_seen(client_, {.method = "DELETE", .target = "/"}), 2);
}

TEST_F(ClientTest, SendsOnANewConnectionWhenTheServerHasEndedTheKeptOne) {
  RawListener listener;
  Flag ended;
  const auto peer = base::system_env().spawn("peer", [&](const std::stop_token&) {
    for (int i = 0; i < 2; ++i) {
      RawSocket socket = listener.accept();
      socket.read_until("\r\n\r\n");
      socket.send("HTTP/1.1 204 No Content\r\n\r\n");
      socket.finish_sending();
      ended.set();
    }
  });
  const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
  EXPECT_EQ(client_.send(url, {.method = "POST", .target = "/"}, in(10s), {}).status, 204);
  ASSERT_TRUE(ended.wait());
  EXPECT_EQ(client_.send(url, {.method = "POST", .target = "/"}, in(10s), {}).status, 204);
}

TEST_F(ClientTest, StopCancelsACallToASilentServer) {
  RawListener listener;
  std::stop_source stop;
  const auto peer = base::system_env().spawn("peer", [&](const std::stop_token&) {
    RawSocket socket = listener.accept();
    socket.read_until("\r\n\r\n");
    stop.request_stop();
    socket.read_all();
  });
  const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
  const Failed failed = failure(client_, url, {.target = "/"}, in(1h), stop.get_token());
  EXPECT_EQ(failed.code, Errc::kStopped);
}

/// An orderly end would have the network deliver, later, what it holds back.
TEST_F(ClientTest, WhatIsGivenUpIsResetAndNotDeliveredLater) {
  for (const bool stopped : {true, false}) {
    RawListener listener;
    std::stop_source stop;
    bool reset = false;
    auto peer = base::system_env().spawn("peer", [&](const std::stop_token&) {
      RawSocket socket = listener.accept();
      socket.read_until("\r\n\r\n");
      if (stopped) stop.request_stop();
      socket.read_all();
      reset = socket.was_reset();
    });
    const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
    failure(client_, url, {.method = "PUT", .target = "/"}, stopped ? in(1h) : in(1s),
            stop.get_token());
    peer.reset();
    EXPECT_TRUE(reset) << "stopped: " << stopped;
  }
}

TEST_F(ClientTest, DeadlineEndsACallToASilentServer) {
  RawListener listener;
  const std::string url = "http://127.0.0.1:" + std::to_string(listener.port());
  EXPECT_EQ(failure(client_, url, {.target = "/"}, in(50ms)).code, Errc::kNoAnswer);
}

TEST_F(ClientTest, SpeaksToAUnixSocket) {
  const testing::TemporaryDirectory dir;
  TestServer server(echo, {.unix_socket = dir / "a.sock"});
  std::string url = "http+unix://";
  for (const char c : dir / "a.sock")
    url += c == '/' ? "%2F" : std::string(1, c);
  EXPECT_EQ(client_.send(url, {.target = "/x"}, in(10s), {}).body, "GET /x ");
  EXPECT_EQ(client_.send(url + "/pre", {.target = "/x"}, in(10s), {}).body, "GET /pre/x ");
  server->stop(in(10s));
  const Failed failed = failure(client_, url, {.target = "/x"});
  EXPECT_EQ(failed.code, Errc::kNotSent);
  EXPECT_NE(failed.text.find(dir / "a.sock"), std::string::npos) << failed.text;
}

TEST_F(ClientTest, RefusesWhatCannotBeSent) {
  const std::pair<const char*, Request> bad[] = {
      {"", {.target = "/"}},
      {"ftp://host", {.target = "/"}},
      {"http://", {.target = "/"}},
      {"http://host:99999", {.target = "/"}},
      {"http://host/?a=b", {.target = "/"}},
      {"http+unix://", {.target = "/"}},
      {"http+unix://%2", {.target = "/"}},
      {"http://host", {.target = "x"}},
      {"http://host", {.target = "/a b"}},
      {"http://host", {.target = "/a\r\nX: y"}},
      {"http://host", {.method = "GET /", .target = "/"}},
      {"http://host", {.method = "", .target = "/"}},
      {"http://host", {.target = "/", .headers = {{"X", "a\r\nY: b"}}}},
      {"http://host", {.target = "/", .headers = {{"X: y", "a"}}}},
  };
  for (const auto& [url, request] : bad)
    EXPECT_EQ(failure(client_, url, request).code, Errc::kBadUrl) << url << ' ' << request.target;
}

TEST_F(ClientTest, ErrorsShowNeitherCredentialsNorQuery) {
  RawListener listener;
  const std::string place = "127.0.0.1:" + std::to_string(listener.port());
  listener.close();
  const Failed failed = failure(client_, "http://user:geheim@" + place,
                                {.method = "PUT", .target = "/path?token=geheim"});
  EXPECT_TRUE(failed.text.starts_with("PUT http://" + place + "/path: ")) << failed.text;
  EXPECT_EQ(failed.text.find("geheim"), std::string::npos) << failed.text;
  const Failed bad = failure(client_, "http://user:geheim@host:port", {.target = "/"});
  EXPECT_EQ(bad.text.find("geheim"), std::string::npos) << bad.text;
}

// ---- TLS

ServerOptions tls_options() {
  return {.tls = true,
          .cert_file = certificates() / "server.pem",
          .key_file = certificates() / "server.key"};
}

std::string tls_url(const TestServer& server) {
  return "https://127.0.0.1:" + std::to_string(server.port());
}

TEST(Tls, ServesAClientThatKnowsTheAuthority) {
  TestServer server(echo, tls_options());
  Client client(base::system_env(), {.ca_file = certificates() / "ca.pem"});
  const Request request{.method = "POST", .target = "/", .body = std::string(1'000'000, 'x')};
  for (int i = 0; i < 2; ++i) {
    const Response answer = client.send(tls_url(server), request, in(10s), {});
    EXPECT_EQ(find_header(answer.headers, "X-Tls"), "yes");
    EXPECT_EQ(answer.body, "POST / " + request.body);
  }
}

TEST(Tls, UnknownAuthorityIsNotSentUnlessNobodyCares) {
  TestServer server(echo, tls_options());
  Client strict(base::system_env(), {});
  EXPECT_EQ(failure(strict, tls_url(server), {.target = "/"}).code, Errc::kNotSent);
  Client careless(base::system_env(), {.insecure = true});
  EXPECT_EQ(careless.send(tls_url(server), {.target = "/"}, in(10s), {}).status, 202);
}

TEST(Tls, ServerWithAnAuthorityWantsClientCertificates) {
  ServerOptions options = tls_options();
  options.ca_file = certificates() / "ca.pem";
  TestServer server(echo, options);
  Client known(base::system_env(), {.ca_file = certificates() / "ca.pem",
                                    .cert_file = certificates() / "client.pem",
                                    .key_file = certificates() / "client.key"});
  EXPECT_EQ(known.send(tls_url(server), {.target = "/"}, in(10s), {}).status, 202);
  Client unknown(base::system_env(), {.ca_file = certificates() / "ca.pem"});
  failure(unknown, tls_url(server), {.target = "/"});
}

TEST(Tls, PlainClientAndGarbageAreTurnedAway) {
  TestServer server(echo, tls_options());
  RawSocket plain(server.port());
  plain.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(plain.read_all().find("HTTP/"), std::string::npos);
  Client client(base::system_env(), {.ca_file = certificates() / "ca.pem"});
  EXPECT_EQ(client.send(tls_url(server), {.target = "/"}, in(10s), {}).status, 202);
}

TEST(Tls, SilentHandshakeIsEnded) {
  ServerOptions options = tls_options();
  options.header_time = 30ms;
  TestServer server(echo, options);
  RawSocket silent(server.port());
  EXPECT_EQ(silent.read_all(), "");
}

TEST(Tls, StopEndsIdleConnections) {
  TestServer server(echo, tls_options());
  Client client(base::system_env(), {.ca_file = certificates() / "ca.pem"});
  client.send(tls_url(server), {.target = "/"}, in(10s), {});
  EXPECT_TRUE(server->stop(in(10s)));
}

TEST(Tls, NamesTheFileThatItCannotUse) {
  ServerOptions options = tls_options();
  options.key_file = "/nonexistent/key.pem";
  try {
    TestServer server(echo, options);
    FAIL() << "started without a key";
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string(e.what()).find("'/nonexistent/key.pem'"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace http
