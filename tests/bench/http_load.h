#pragma once
#include "base/env.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

struct Address {
  std::string host;  ///< an IPv4 address
  std::string port;
};

/// `127.0.0.1:5050`; throws std::runtime_error for what is not of this form.
Address parse_address(std::string_view text);

struct Answer {
  int status = 0;
  std::string body;
  base::Env::Duration took{};  ///< since its request was sent
};

/// Load by HTTP/1.1 over kept connections, from one thread and without a library, so that the
/// server is what is measured. Each connection has one request under way.
class HttpLoad {
 public:
  /// What a connection sends next (GET and POST without a body); nullopt: nothing more.
  struct Request {
    std::string_view method;
    std::string target;
  };
  using Next = std::function<std::optional<Request>()>;
  using OnAnswer = std::function<void(const Request&, Answer&&)>;

  struct Totals {
    std::size_t answers = 0;
    base::Env::Duration took{};
  };

  /// The connections are spread over `servers` in turn.
  HttpLoad(base::Env& env, std::vector<Address> servers, std::size_t connections);

  /// Returns when `next` has nothing more and all is answered. Throws std::runtime_error when a
  /// server closes a connection or answers what is not HTTP, and after 60 s without any answer.
  Totals run(const Next& next, const OnAnswer& on_answer);

 private:
  base::Env& env_;
  const std::vector<Address> servers_;
  const std::size_t connections_;
};

/// One request on a connection of its own.
Answer ask(base::Env& env, const Address& server, std::string_view method, std::string target);

}  // namespace bench
