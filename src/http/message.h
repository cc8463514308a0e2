#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Names of headers, methods of authorization and the like: ASCII without regard to case.
bool same_name(std::string_view a, std::string_view b) noexcept;

/// The first header of that name, compared without regard to case.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) noexcept;

/// The usual phrase in upper case (`NOT FOUND`); `UNKNOWN` for a status that has none.
std::string_view reason_phrase(int status) noexcept;

struct Request {
  std::string method = "GET";
  std::string
      target;  ///< as on the wire: path, then `?query`; a client sends it after the base URL
  Headers headers;
  std::string body;
  std::string peer;   ///< server side: address of the other end, empty for a UNIX socket
  bool tls = false;   ///< server side: came over TLS
  std::string mount;  ///< server side: path in front of `target` that whoever hands us requests has
                      ///< taken off, as `/bmi`, percent-encoded; empty for none
  std::uint16_t port = 0;  ///< server side: that it came to, where it is not the server's own
};

struct Response {
  int status = 200;
  std::string reason;  ///< empty: the usual phrase, in upper case as upstream's server writes it
  Headers headers;
  std::string body;
};

/// The answer that is none: the server closes the connection instead.
inline Response dropped() { return Response{.status = 0}; }

}  // namespace http
