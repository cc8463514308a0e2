#include "tests/e2e/support/api.h"

#include "tests/support/process.h"

#include <boost/json.hpp>
#include <cstdio>

namespace e2e {
namespace {

constexpr seconds kPatience{40};
constexpr seconds kWhile{60};

std::string in_json(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string node_uuid(int i) {
  char text[40];
  std::snprintf(text, sizeof text, "5a1a0000-0000-4000-8000-%012x", i);
  return text;
}

std::string node_name(int i) {
  char text[40];
  std::snprintf(text, sizeof text, "machine-%05d", i);
  return text;
}

boost::json::value Answer::json() const {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(body, error);
  return error ? boost::json::value(nullptr) : value;
}

std::string Answer::text() const {
  const boost::json::value value = json();
  std::string shown = body.ends_with('\n') ? body.substr(0, body.size() - 1) : body;
  if (value.is_object() && value.get_object().contains("error"))
    if (const auto* error = value.at("error").if_object()) shown = in_json(*error, "message");
  return std::to_string(status) + " " + shown;
}

Api::Api(std::string base_url, http::ClientOptions options)
    : base_url_(std::move(base_url)), client_(base::system_env(), std::move(options)) {}

Answer Api::ask(const std::string& method, const std::string& target, std::string body,
                http::Headers headers) const {
  base::Env& env = base::system_env();
  if (!authorization_.empty()) headers.emplace_back("Authorization", authorization_);
  const auto begin = env.now();
  Answer answer;
  try {
    http::Response response = client_.send(
        base_url_,
        {.method = method, .target = target, .headers = headers, .body = std::move(body)},
        begin + kPatience, {});
    answer.status = response.status;
    answer.headers = std::move(response.headers);
    answer.body = std::move(response.body);
  } catch (const http::Error& error) {
    answer.body = error.what();
  }
  answer.took = std::chrono::duration_cast<milliseconds>(env.now() - begin);
  return answer;
}

bool Api::serves() const {
  return support::eventually([&] { return get("/").status == 200; }, kWhile);
}

boost::json::object Api::status(int node) const {
  const Answer answer = get(of_node(node));
  const boost::json::value value = answer.json();
  return answer.status == 200 && value.is_object() ? value.get_object() : boost::json::object();
}

std::string Api::state(int node) const {
  const std::string state = in_json(status(node), "state");
  return state.empty() ? "none" : state;
}

std::string Api::error(int node) const { return in_json(status(node), "error"); }

std::string Api::states(int count) const {
  std::string all;
  for (int i = 0; i < count; ++i) {
    const boost::json::object one = status(i);
    all += std::to_string(i) + " " + in_json(one, "state") + " " + in_json(one, "error") + "\n";
  }
  return all;
}

bool Api::becomes(int node, std::string_view state_asked) const {
  return support::eventually([&] { return state(node) == state_asked; }, kWhile);
}

}  // namespace e2e
