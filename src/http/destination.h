#pragma once
#include <memory>
#include <string>
#include <string_view>

struct Curl_URL;

namespace http {

struct FreeUrl {
  void operator()(Curl_URL* url) const noexcept;
};

/// Where a request of the client goes.
struct Destination {
  std::unique_ptr<Curl_URL, FreeUrl> url;
  std::string unix_socket;  ///< empty: TCP
  std::string origin;       ///< equal for requests that may share a connection
  std::string shown;        ///< the URL without credentials and query, for errors
};

/// Throws Error kBadUrl, which names `method` and what is shown of the URL.
Destination make_destination(std::string_view method, std::string_view base_url,
                             std::string_view target);

}  // namespace http
