#include "tests/e2e/support/hostile_input.h"

#include "http/testing/raw_socket.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace e2e {
namespace {

using http::testing::RawSocket;

constexpr std::size_t kMegabyte = 1 << 20;
constexpr const char* kUnknownUrl =
    "404 404 Not Found: The requested URL was not found on the server. If you entered the URL "
    "manually please check your spelling and try again.";

std::string repeated(std::string_view text, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes)
    out += text;
  return out;
}

struct Body {
  std::string what;
  std::string text;
  std::string for_continue;  ///< behind `400 Invalid data: `
  std::string for_reapply;   ///< likewise
};

std::vector<Body> bad_bodies() {
  const std::string got = "expected a JSON object, got ";
  const std::string no_json = got + "text that is not JSON (";
  const std::string none = got + "None";
  const std::string deep = "JSON nested deeper than 64 levels";
  const auto wrong_type = [&](const char* text, const char* type) {
    return Body{type, text, got + type, got + type};
  };
  return {
      {"text", "hello", no_json + "syntax error at byte 0)", none},
      {"cut off", "{\"a\": 1", no_json + "incomplete JSON at byte 7)", none},
      {"more behind it", "{} {}", no_json + "extra data at byte 3)", none},
      wrong_type("[1]", "list"),
      wrong_type("\"a\"", "str"),
      wrong_type("12", "int"),
      wrong_type("1e3", "float"),
      wrong_type("true", "bool"),
      wrong_type("null", "NoneType"),
      {"1 MB of lists", repeated("[", kMegabyte), deep, deep},
      {"1 MB of objects", repeated("{\"a\":", kMegabyte), deep, deep},
      {"not UTF-8", "{\"a\": \"\xc3(\"}", "not valid UTF-8", none},
      {"NUL", std::string("{\"a\": \"\0\"}", 10), no_json + "syntax error at byte 7)", none},
  };
}

/// Reports that are JSON objects and no reports.
const std::pair<const char*, const char*> kBadReports[] = {
    {"{}", "The following failures happened during running pre-processing hooks:"},
    {R"({"inventory": 5})", "The following failures happened during running pre-processing hooks:"},
    {R"({"inventory": {"interfaces": [[]]}})",
     "The following failures happened during running pre-processing hooks:"},
    {R"({"inventory": {"interfaces": [{"name": "\u0000", "mac_address": 7}]}})",
     "The following failures happened during running pre-processing hooks:"},
    {R"({"error": {"a": 1}, "inventory": null})",
     "The following failures happened during running pre-processing hooks:"},
};

struct Name {
  std::string what;
  std::string segment;
  std::string expected;
};

std::vector<Name> bad_names() {
  const auto none = [](const std::string& name) {
    return "404 Node " + name + " was not found in Ironic";
  };
  const std::string not_utf8 = "400 Bad request: the URL is not valid UTF-8";
  const std::string control = "400 Bad request: the URL contains a control character";
  return {
      {"a slash", "a%2Fb", kUnknownUrl},
      {"two dots", "%2e%2e", none("..")},
      {"NUL", "a%00b", control},
      {"line feed", "a%0Ab", control},
      {"a query of Ironic's", "a%3Ffields=x", none("a?fields=x")},
      {"beyond ASCII", "gr%C3%BCn", none("gr\xc3\xbcn")},
      {"not UTF-8", "%ff", not_utf8},
      {"overlong NUL", "%c0%80", not_utf8},
      {"256 characters", std::string(256, 'a'),
       "400 Bad request: a node name has at most 255 characters"},
      {"16 KB", std::string(15000, 'a'), "400 Bad request: a node name has at most 255 characters"},
  };
}

constexpr std::pair<const char*, const char*> kNodeRoutes[] = {{"GET", ""},
                                                               {"POST", ""},
                                                               {"POST", "/abort"},
                                                               {"GET", "/data"},
                                                               {"GET", "/data/unprocessed"},
                                                               {"POST", "/data/unprocessed"}};

/// `status message` of the answer to these bytes; the connection is then to end.
std::string answer_to(std::uint16_t port, const std::string& bytes) {
  RawSocket socket(port);
  socket.send(bytes);
  socket.finish_sending();
  const std::string answer = socket.read_all();
  const auto status = answer.find(' ');
  const std::string begin = "{\"error\":{\"message\":\"";
  const auto message = answer.find(begin);
  if (status == std::string::npos || message == std::string::npos) return answer;
  const auto from = message + begin.size();
  return answer.substr(status + 1, 3) + " " + answer.substr(from, answer.find('"', from) - from);
}

}  // namespace

void expect_answers_to_bad_bodies(const Api& api, int known) {
  const std::string node = Api::of_node(known);
  EXPECT_EQ(api.ask("POST", "/v1/continue").text(),
            "400 Invalid data: expected a JSON object, got an empty body");
  for (const Body& body : bad_bodies()) {
    EXPECT_EQ(api.ask("POST", "/v1/continue", body.text).text(),
              "400 Invalid data: " + body.for_continue)
        << body.what;
    EXPECT_EQ(api.ask("POST", node + "/data/unprocessed", body.text).text(),
              "400 Invalid data: " + body.for_reapply)
        << body.what;
  }
  for (const auto& [report, text] : kBadReports) {
    const std::string answer = api.ask("POST", "/v1/continue", report).text();
    EXPECT_EQ(answer.substr(0, answer.find('\n')), std::string("400 ") + text) << report;
  }
  const std::string long_name = "{\"" + std::string(kMegabyte, 'x') + "\": 1}";
  EXPECT_EQ(api.ask("POST", "/v1/continue", long_name).status, 400);
  EXPECT_EQ(api.state(known), "waiting");
}

void expect_answers_to_bad_targets(const Api& api) {
  for (const auto& [method, rest] : kNodeRoutes)
    for (const Name& name : bad_names())
      EXPECT_EQ(api.ask(method, "/v1/introspection/" + name.segment + rest).text(), name.expected)
          << method << " " << rest << ": " << name.what;
  const std::pair<std::string, std::string> kTargets[] = {
      {"/v1/introspection?limit=abc",
       "400 Bad request: invalid literal for int() with base 10: 'abc'"},
      {"/v1/introspection?limit=-1", "400 Bad request: Limit cannot be negative"},
      {"/v1/introspection?limit=99999999999999999999", "400 Bad request: Limit over 1000"},
      {"/v1/introspection?marker=x", "400 Bad request: Marker not UUID-like"},
      {"/v1/introspection?state=asleep", "400 Bad request: State(s) \"asleep\" are not valid"},
      {"/v1/introspection?state=%ff", "400 Bad request: the URL is not valid UTF-8"},
      {"/v1/introspection?limit=%00", "400 Bad request: the URL contains a control character"},
      {"/v9", "404 Version v9 not found."},
      {"/v1/nothing/here", kUnknownUrl},
  };
  for (const auto& [target, expected] : kTargets)
    EXPECT_EQ(api.get(target).text(), expected) << target;
  const std::pair<const char*, const char*> kVersions[] = {
      {"1.99", "406 Unsupported API version 1.99, supported range is 1.0 to 1.18"},
      {"0.9", "406 Unsupported API version 0.9, supported range is 1.0 to 1.18"},
      {"x", "400 Malformed API version: expected string in form of X.Y or latest"},
      {"1.2.3", "400 Malformed API version: expected string in form of X.Y or latest"}};
  for (const auto& [version, expected] : kVersions)
    EXPECT_EQ(
        api.ask("GET", "/", {}, {{"X-OpenStack-Ironic-Inspector-API-Version", version}}).text(),
        expected);
  EXPECT_EQ(api.ask("DELETE", "/v1/continue").text(),
            "405 405 Method Not Allowed: The method is not allowed for the requested URL.");
}

void expect_answers_to_broken_http(std::uint16_t port) {
  const std::string host = "Host: a\r\n";
  const std::string post = "POST /v1/continue HTTP/1.1\r\n" + host;
  const std::pair<std::string, std::string> kCases[] = {
      {"no HTTP at all\r\n\r\n", "400 The request is malformed"},
      {std::string("GET /\0 HTTP/1.1\r\n", 17) + host + "\r\n", "400 The request is malformed"},
      {"GET / HTTP/1.1\r\n\r\n", "400 The request has no Host header"},
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n",
       "400 The request has more than one Host header"},
      {"GET / HTTP/1.1\r\n" + host + "X: " + std::string(100000, 'x') + "\r\n\r\n",
       "431 The header of the request is too large"},
      {"GET /" + std::string(100000, 'x') + " HTTP/1.1\r\n" + host + "\r\n",
       "431 The header of the request is too large"},
      {post + "Content-Length: -1\r\n\r\n", "400 The request is malformed"},
      {post + "Content-Length: 67108865\r\n\r\n", "413 The body of the request is too large"},
      {post + "Content-Length: 99999999999999999999999\r\n\r\n", "400 The request is malformed"},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
       "400 The request is malformed"},
      {post + "Transfer-Encoding: gzip\r\n\r\n",
       "501 The transfer coding of the request is not supported"},
      {post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "400 The request is malformed"},
      {post + "Expect: miracles\r\nContent-Length: 2\r\n\r\n{}",
       "417 The expectation of the request is not known"},
  };
  for (const auto& [bytes, expected] : kCases)
    EXPECT_EQ(answer_to(port, bytes), expected) << bytes.substr(0, 80);
  // Who goes away in the middle of a body gets nothing, and leaves nothing.
  EXPECT_EQ(answer_to(port, post + "Content-Length: 10\r\n\r\n{"), "");
}

}  // namespace e2e
