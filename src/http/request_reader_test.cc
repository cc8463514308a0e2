#include "http/request_reader.h"

#include <gtest/gtest.h>

namespace http {
namespace {

constexpr RequestReader::Limits kLimits{.max_header = 512, .max_body = 100};

/// Feeds `bytes` in pieces of that size, keeping what was not used, as a connection does.
void feed(RequestReader& reader, std::string_view bytes, std::size_t piece) {
  std::string held;
  while (!bytes.empty() || !held.empty()) {
    held += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      const auto before = reader.state();
      const std::size_t used = reader.put(held);
      held.erase(0, used);
      if (reader.state() == RequestReader::State::kDone ||
          reader.state() == RequestReader::State::kRefused)
        return;
      if (used == 0 && reader.state() == before) break;
    }
    if (bytes.empty()) return;
  }
}

/// 0: not decided yet; 200: complete; else the status it is refused with.
int status_of(const RequestReader& reader) {
  if (reader.state() == RequestReader::State::kDone) return 200;
  return reader.state() == RequestReader::State::kRefused ? reader.refusal().status : 0;
}

struct Case {
  const char* name;
  std::string bytes;
  int status;
};

std::vector<Case> cases() {
  using namespace std::string_literals;
  const std::string post = "POST /x HTTP/1.1\r\nHost: h\r\n";
  return {
      {"plain", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", 200},
      {"empty lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 200},
      {"1.0 without host", "GET / HTTP/1.0\r\n\r\n", 200},
      {"body", post + "Content-Length: 3\r\n\r\nabc", 200},
      {"same length twice", post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 200},
      {"chunks", post + "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n",
       200},
      {"trailer", post + "Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nHost: i\r\n\r\n", 200},
      {"nothing", "", 0},
      {"half a header", "GET / HTTP/1.1\r\nHo", 0},
      {"half a body", post + "Content-Length: 3\r\n\r\nab", 0},
      {"half a chunk", post + "Transfer-Encoding: chunked\r\n\r\n2\r\na", 0},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"not HTTP", "hello\r\n\r\n", 400},
      {"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"NUL", "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n"s, 400},
      {"NUL in a value", "GET / HTTP/1.1\r\nHost: h\0\r\n\r\n"s, 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"space before colon", "GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"name without colon", "GET / HTTP/1.1\r\nHost: h\r\nfoo\r\n\r\n", 400},
      {"negative length", post + "Content-Length: -1\r\n\r\n", 400},
      {"length with sign", post + "Content-Length: +3\r\n\r\nabc", 400},
      {"length not a number", post + "Content-Length: ten\r\n\r\n", 400},
      {"length of 2^64", post + "Content-Length: 18446744073709551616\r\n\r\n", 400},
      {"two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {"length list", post + "Content-Length: 3, 4\r\n\r\nabcd", 400},
      {"length and chunked", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"chunked and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400},
      {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {"chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"gzip", post + "Transfer-Encoding: gzip\r\n\r\n", 501},
      {"gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"chunked, gzip", post + "Transfer-Encoding: chunked, gzip\r\n\r\n", 501},
      {"chunked behind a tab",
       post + "Transfer-Encoding:\x0b"
              "chunked\r\n\r\n",
       400},
      {"chunk size not hex", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"chunk of 2^64", post + "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", 400},
      {"chunk longer than told", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400},
      {"endless chunk extension",
       post + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(2000, 'x'), 400},
      {"endless trailer",
       post + "Transfer-Encoding: chunked\r\n\r\n0\r\na: " + std::string(2000, 'x'), 400},
      {"length over the limit", post + "Content-Length: 101\r\n\r\n", 413},
      {"chunks over the limit", post + "Transfer-Encoding: chunked\r\n\r\n65\r\n", 413},
      {"length over the budget", post + "Content-Length: 81\r\n\r\n", 503},
      {"chunk over the budget",
       post + "Transfer-Encoding: chunked\r\n\r\n51\r\n" + std::string(81, 'x'), 503},
      {"expects the unknown", post + "Content-Length: 3\r\nExpect: 200-ok\r\n\r\n", 417},
      {"long target", "GET /" + std::string(600, 'x') + " HTTP/1.1\r\n", 431},
      {"long value", "GET / HTTP/1.1\r\nHost: " + std::string(600, 'x'), 431},
      {"complete and too long",
       "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(600, 'x') + "\r\n\r\n", 431},
      {"long method", std::string(600, 'X'), 431},
  };
}

TEST(RequestReader, AnswersAnyBytesWithTheirStatusHoweverTheyAreCut) {
  for (const Case& c : cases())
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, c.bytes.size() + 1}) {
      Budget budget(80);
      RequestReader reader(kLimits, budget);
      feed(reader, c.bytes, piece);
      EXPECT_EQ(status_of(reader), c.status) << c.name << " in pieces of " << piece;
    }
}

TEST(RequestReader, HandsOnWhatWasSent) {
  Budget budget(80);
  RequestReader reader(kLimits, budget);
  feed(reader,
       "PATCH http://h:1/v1/a?b=c HTTP/1.1\r\nhost: h\r\nX-A:  1 \r\nX-A: 2\r\n"
       "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\nX-Late: 1\r\n\r\n",
       1);
  ASSERT_EQ(status_of(reader), 200);
  EXPECT_TRUE(reader.keep_alive());
  EXPECT_FALSE(reader.http10());
  const Request request = reader.take_request();
  EXPECT_EQ(request.method, "PATCH");
  EXPECT_EQ(request.target, "/v1/a?b=c");
  EXPECT_EQ(request.body, "abc");
  EXPECT_EQ(request.headers,
            (Headers{{"host", "h"}, {"X-A", "1"}, {"X-A", "2"}, {"Transfer-Encoding", "chunked"}}));
}

TEST(RequestReader, KeepsTheConnectionAsTheVersionAndTheClientWant) {
  const std::pair<const char*, bool> wants[] = {
      {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true},
  };
  for (const auto& [bytes, keep] : wants) {
    Budget budget(80);
    RequestReader reader(kLimits, budget);
    feed(reader, bytes, 1);
    EXPECT_EQ(reader.keep_alive(), keep) << bytes;
  }
}

TEST(RequestReader, LeavesTheNextRequestAlone) {
  Budget budget(80);
  RequestReader reader(kLimits, budget);
  const std::string_view first = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n";
  const std::string both = std::string(first) + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n";
  EXPECT_EQ(reader.put(both), first.size());
  EXPECT_EQ(reader.put(std::string_view(both).substr(first.size())), 0U);
  reader.reset();
  EXPECT_TRUE(reader.untouched());
  reader.put(std::string_view(both).substr(first.size()));
  EXPECT_EQ(reader.request().target, "/2");
}

TEST(RequestReader, PaysForBytesThatCameAndGivesThemBackWithTheShare) {
  Budget budget(80);
  RequestReader reader(kLimits, budget);
  feed(reader, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n", 1000);
  EXPECT_EQ(budget.left(), 80U);
  reader.put(std::string(60, 'x'));
  EXPECT_EQ(budget.left(), 20U);
  {
    const Share share = reader.take_share();
    reader.reset();
    EXPECT_EQ(budget.left(), 20U);
  }
  EXPECT_EQ(budget.left(), 80U);
}

TEST(RequestReader, GivesBackWhatARefusedBodyHeld) {
  Budget budget(80);
  RequestReader reader(kLimits, budget);
  feed(reader, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n",
       1000);
  EXPECT_EQ(status_of(reader), 400);
  EXPECT_EQ(budget.left(), 80U);
}

TEST(RequestReader, SurvivesRandomDamage) {
  std::uint64_t seed = 42;
  const auto draw = [&seed](std::size_t below) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33) % below;
  };
  int decided = 0;
  for (const Case& c : cases())
    for (int round = 0; round < 300 && !c.bytes.empty(); ++round) {
      std::string bytes = c.bytes;
      for (std::size_t n = 1 + draw(4); n > 0; --n)
        bytes[draw(bytes.size())] = static_cast<char>(draw(256));
      Budget budget(80);
      RequestReader reader(kLimits, budget);
      feed(reader, bytes, 1 + draw(bytes.size()));
      decided += status_of(reader) != 0;
    }
  EXPECT_GT(decided, 0);
}

}  // namespace
}  // namespace http
