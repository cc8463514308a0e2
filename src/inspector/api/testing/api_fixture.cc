#include "inspector/api/testing/api_fixture.h"

#include "inspector/node/schema.h"

namespace inspector::api_test {

ApiFixture::ApiFixture() {
  upgrade(database_);
  set_options({});
}

void ApiFixture::set_options(ApiOptions options) {
  api_ = std::make_unique<Api>(Api::Parts{env_, nodes_, data_, rules_, ironic_, conductor_},
                               std::move(options));
}

http::Response ApiFixture::send(std::string_view method, std::string_view target, std::string body,
                                http::Headers headers) {
  http::Request request;
  request.method = method;
  request.target = target;
  request.body = std::move(body);
  request.headers = std::move(headers);
  if (!http::find_header(request.headers, "Host"))
    request.headers.emplace_back("Host", "127.0.0.1:5050");
  return api_->handle(request, {});
}

std::string ApiFixture::refusal(std::string_view method, std::string_view target, std::string body,
                                http::Headers headers) {
  const http::Response response = send(method, target, std::move(body), std::move(headers));
  const boost::json::value json = boost::json::parse(response.body);
  return std::to_string(response.status) + " " +
         std::string(json.at("error").at("message").as_string());
}

void ApiFixture::add_node(std::string_view uuid) {
  const tooz::Token token{.origin = "test", .number = ++tokens_};
  nodes_.start(uuid, true, {}, token);
}

}  // namespace inspector::api_test
