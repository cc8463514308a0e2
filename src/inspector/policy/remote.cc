#include "inspector/policy/remote.h"

#include "base/log.h"
#include "inspector/error.h"
#include "inspector/ironic/answers.h"
#include "inspector/python_json.h"

#include <algorithm>
#include <boost/json.hpp>

namespace inspector {
namespace {

http::ClientOptions client_options(const RemotePolicyOptions& options) {
  return {.ca_file = options.ca_file,
          .cert_file = options.cert_file,
          .key_file = options.key_file,
          .insecure = !options.verify};
}

/// As oslo.policy: with or without quotes around it.
bool is_yes(std::string_view answer) {
  while (answer.starts_with('"'))
    answer.remove_prefix(1);
  while (answer.ends_with('"'))
    answer.remove_suffix(1);
  return answer == "True";
}

}  // namespace

RemotePolicy::RemotePolicy(const RemotePolicyOptions& options)
    : options_(options),
      client_(std::make_unique<http::Client>(base::system_env(), client_options(options))),
      sender_(*client_) {}

RemotePolicy::RemotePolicy(const RemotePolicyOptions& options, http::Sender& sender)
    : options_(options), sender_(sender) {}

http::Request RemotePolicy::question(std::string_view rule,
                                     const boost::json::object& credentials) const {
  http::Request request{.method = "POST"};
  if (options_.as_json) {
    request.headers = {{"Content-Type", "application/json"}};
    request.body = python_json(boost::json::object{
        {"rule", rule}, {"target", boost::json::object()}, {"credentials", credentials}});
    return request;
  }
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = "rule=" + ironic::encoded(python_json(boost::json::value(rule))) +
                 "&target=" + ironic::encoded("{}") +
                 "&credentials=" + ironic::encoded(python_json(credentials));
  return request;
}

bool RemotePolicy::says_yes(const std::string& url, std::string_view rule,
                            const boost::json::object& credentials, const std::stop_token& stop) {
  try {
    const std::size_t host = url.find("://") + 3;
    const std::size_t path = std::min(url.find_first_of("/?", host), url.size());
    http::Request request = question(rule, credentials);
    request.target = url.substr(path);
    const auto deadline = base::system_env().now() + options_.timeout;
    return is_yes(sender_.send(url.substr(0, path), request, deadline, stop).body);
  } catch (const http::Error& error) {
    base::log_error("inspector.policy", "A remote check of the policy did not answer",
                    {{"error", error.what()}});
    throw Error(Errc::kUnavailable, "The policy cannot be checked, try again later");
  }
}

}  // namespace inspector
