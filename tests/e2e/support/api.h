#pragma once
#include "http/client.h"

#include <boost/json/value.hpp>
#include <chrono>
#include <string>

namespace e2e {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// UUID and name of the simulated Ironic's i-th machine.
std::string node_uuid(int i);
std::string node_name(int i);

/// What an inspector's API answered.
struct Answer {
  int status = 0;  ///< 0: nothing came, `body` says why
  http::Headers headers;
  std::string body;
  milliseconds took{};

  boost::json::value json() const;  ///< null when the body is none
  /// Status, and the text of an error or else the body without its line end: `404 Could not …`.
  std::string text() const;
};

/// A client of one API process. Thread-safe; nothing here throws for want of an answer.
class Api {
 public:
  explicit Api(std::string base_url, http::ClientOptions options = {});

  const std::string& url() const noexcept { return base_url_; }
  void sign_in(const std::string& authorization) { authorization_ = authorization; }

  /// Waits 40 s at most: longer than any answer may take.
  Answer ask(const std::string& method, const std::string& target, std::string body = {},
             http::Headers headers = {}) const;
  Answer get(const std::string& target) const { return ask("GET", target); }
  Answer start(int node) const { return ask("POST", of_node(node)); }
  Answer abort(int node) const { return ask("POST", of_node(node) + "/abort"); }

  bool serves() const;                                   ///< within a while
  boost::json::object status(int node) const;            ///< {} without a record
  std::string state(int node) const;                     ///< `none` without a record
  std::string error(int node) const;                     ///< empty: none
  std::string states(int count) const;                   ///< of the first nodes, for a message
  bool becomes(int node, std::string_view state) const;  ///< within a minute

  static std::string of_node(int i) { return "/v1/introspection/" + node_uuid(i); }

 private:
  std::string base_url_;
  std::string authorization_;
  mutable http::Client client_;
};

}  // namespace e2e
