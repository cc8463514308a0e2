#pragma once
#include "http/message.h"
#include "http/testing/raw_socket.h"
#include "http/testing/test_server.h"

#include <gtest/gtest.h>

namespace http::testing {

/// Tells what arrived.
inline Response echo(const Request& request, const std::stop_token&) {
  Response response;
  response.headers = {{"X-Peer", request.peer}, {"X-Tls", request.tls ? "yes" : "no"}};
  response.body = request.method + ' ' + request.target + ' ' + request.body;
  return response;
}

inline std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

inline int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::atoi(answer.c_str() + 9) : 0;
}

inline std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++n;
  return n;
}

}  // namespace http::testing
