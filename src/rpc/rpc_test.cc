#include "rpc/rpc.h"

#include "http/client.h"
#include "http/testing/test_server.h"
#include "rpc/message.h"

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>
#include <cstdlib>

namespace rpc {
namespace {

using namespace std::chrono_literals;
using http::testing::in;
using http::testing::TestServer;
namespace json = boost::json;

/// A proxy of the machine's user has no part in this.
const bool kNoProxy = setenv("no_proxy", "*", 1) == 0;

Methods methods() {
  Methods made;
  made.add("echo", [](const json::object& params, const std::stop_token&) { return params; });
  made.add("nothing", [](const json::object&, const std::stop_token&) { return nullptr; });
  made.add("refuse", [](const json::object&, const std::stop_token&) -> json::value {
    throw Fault(7, 409, "Node \"a\" is busy");
  });
  made.add("fail", [](const json::object&, const std::stop_token&) -> json::value {
    throw std::runtime_error("the secret");
  });
  return made;
}

class RpcTest : public ::testing::Test {
 protected:
  http::Handler handler() {
    return [this](const http::Request& request, const std::stop_token& stop) {
      last_ = request;
      return methods_.answer(request, stop);
    };
  }
  json::value call(const std::string& url, std::string_view method, const json::object& params,
                   base::Env::Duration time = 10s) {
    return transport_->call(url, method, params, in(time), {});
  }

  const Methods methods_ = methods();
  http::Request last_;
  http::Client client_{base::system_env(), {}};
  std::unique_ptr<Transport> transport_ = http_transport(client_);
};

TEST_F(RpcTest, ResultComesBack) {
  TestServer server(handler());
  const json::object params{{"a", {1, "ü", nullptr, {{"b", 2.5}}}}};
  EXPECT_EQ(call(server.url(), "echo", params), params);
  EXPECT_EQ(call(server.url(), "nothing", {}), nullptr);
  const json::value sent = *parse(last_.body);
  EXPECT_EQ(sent.at("jsonrpc"), "2.0");
  EXPECT_EQ(sent.at("version"), "1.3");
}

TEST_F(RpcTest, FaultCarriesCodeStatusAndText) {
  TestServer server(handler());
  try {
    call(server.url(), "refuse", {});
    FAIL() << "no fault";
  } catch (const Fault& fault) {
    EXPECT_EQ(fault.code, 7);
    EXPECT_EQ(fault.http_status, 409);
    EXPECT_STREQ(fault.what(), "Node \"a\" is busy");
  }
}

TEST_F(RpcTest, WhatAMethodThrowsStaysInside) {
  TestServer server(handler());
  try {
    call(server.url(), "fail", {});
    FAIL() << "no fault";
  } catch (const Fault& fault) {
    EXPECT_EQ(fault.code, kInternalError);
    EXPECT_EQ(fault.http_status, 500);
    EXPECT_STREQ(fault.what(), "Internal server error");
  }
}

TEST_F(RpcTest, UnknownMethodIsAFault) {
  TestServer server(handler());
  try {
    call(server.url(), "wonders", {});
    FAIL() << "no fault";
  } catch (const Fault& fault) {
    EXPECT_EQ(fault.code, kUnknownMethod);
  }
}

/// What an endpoint's failure says about the call: executed or not.
bool executed(Transport& transport, const std::string& url, base::Env::Duration time = 10s) {
  try {
    transport.call(url, "echo", {}, in(time), {});
  } catch (const Unavailable& e) {
    return e.executed;
  }
  ADD_FAILURE() << "answered";
  return false;
}

TEST_F(RpcTest, CallThatWasNotTakenIsNotExecuted) {
  std::string gone;
  {
    TestServer server(handler());
    gone = server.url();
    server.route_nowhere();
    EXPECT_FALSE(executed(*transport_, server.url())) << "busy";
  }
  EXPECT_FALSE(executed(*transport_, gone)) << "refused connection";
  EXPECT_FALSE(executed(*transport_, "nonsense"));
  TestServer guarded([](const http::Request&, const std::stop_token&) {
    return http::Response{.status = 401, .body = "who?"};
  });
  EXPECT_FALSE(executed(*transport_, guarded.url())) << "not authorized";
}

TEST_F(RpcTest, CallWithoutAUsableAnswerMayBeExecuted) {
  const std::pair<int, const char*> answers[] = {
      {0, ""},
      {200, ""},
      {200, "[]"},
      {200, "{}"},
      {200, R"({"jsonrpc":"2.0","id":99,"result":1})"},
      {200, R"({"jsonrpc":"1.0","id":1,"result":1})"},
      {200, R"({"jsonrpc":"2.0","id":1})"},
      {500, R"({"error":{"message":"Internal server error"}})"},
      {504, "gateway"},
  };
  for (const auto& [status, body] : answers) {
    TestServer server(
        [&, status = status, body = body](const http::Request&, const std::stop_token&) {
          return http::Response{.status = status, .body = body};
        });
    const auto fresh = http_transport(client_);
    EXPECT_TRUE(executed(*fresh, server.url())) << status << ' ' << body;
  }
}

TEST_F(RpcTest, DeadlineEndsACallThatHangs) {
  http::testing::Flag done;
  TestServer server([&](const http::Request&, const std::stop_token&) {
    done.wait();
    return http::Response{};
  });
  EXPECT_TRUE(executed(*transport_, server.url(), 50ms));
  done.set();
}

struct Bad {
  const char* body;
  int status;
  int code;
};

TEST_F(RpcTest, AnswersBadCallsWithTheirCode) {
  const std::string deep(1'000'000, '[');
  const Bad table[] = {
      {"", 400, kParseError},
      {"hello", 400, kParseError},
      {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", 400, kParseError},
      {deep.c_str(), 400, kParseError},
      {"null", 400, kInvalidRequest},
      {"[]", 400, kInvalidRequest},
      {R"([{"jsonrpc":"2.0","id":1,"method":"echo"}])", 400, kInvalidRequest},
      {R"({"id":1,"method":"echo"})", 400, kInvalidRequest},
      {R"({"jsonrpc":2.0,"id":1,"method":"echo"})", 400, kInvalidRequest},
      {R"({"jsonrpc":"2.0","method":"echo"})", 400, kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":{},"method":"echo"})", 400, kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1})", 400, kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1,"method":7})", 400, kInvalidRequest},
      {R"({"jsonrpc":"2.0","id":1,"method":"wonders"})", 200, kUnknownMethod},
      {R"({"jsonrpc":"2.0","id":1,"method":"echo","params":[1]})", 200, kInvalidParams},
      {R"({"jsonrpc":"2.0","id":1,"method":"echo","params":"x"})", 200, kInvalidParams},
  };
  for (const Bad& bad : table) {
    const std::string shown = std::string(bad.body).substr(0, 60);
    const auto response = methods_.answer(http::Request{.method = "POST", .body = bad.body}, {});
    EXPECT_EQ(response.status, bad.status) << shown;
    const json::value answer = json::value(*parse(response.body));
    EXPECT_EQ(answer.at("error").at("code"), bad.code) << shown;
    EXPECT_TRUE(answer.at("error").at("data").at("http_status").is_int64()) << shown;
  }
  EXPECT_EQ(methods_.answer(http::Request{.method = "GET"}, {}).status, 405);
}

TEST_F(RpcTest, IgnoresMembersItDoesNotKnow) {
  const json::value message{{"jsonrpc", "2.0"}, {"id", "x"},         {"version", "9.9"},
                            {"method", "echo"}, {"params", nullptr}, {"trace", {1, 2}}};
  const json::value expected{{"jsonrpc", "2.0"}, {"id", "x"}, {"result", json::object{}}};
  EXPECT_EQ(methods_.answer(message, {}), expected);
}

TEST_F(RpcTest, CallsWithoutHttpReadTheSame) {
  const json::object params{{"a", 1}};
  EXPECT_EQ(result_of(methods_.answer(make_call(3, "echo", params), {}), 3), params);
  EXPECT_THROW(result_of(methods_.answer(make_call(3, "echo", params), {}), 4), Unavailable);
  EXPECT_THROW(result_of(methods_.answer(make_call(3, "refuse", params), {}), 3), Fault);
}

}  // namespace
}  // namespace rpc
