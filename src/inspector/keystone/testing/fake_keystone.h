#pragma once
#include "http/client.h"
#include "inspector/config/keystone.h"

#include <boost/json.hpp>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace inspector::testing {

/// A Keystone without a network: gives numbered tokens (`token-1`, …) to everybody, and knows those
/// of callers that it is told of. Thread-safe.
class FakeKeystone final : public http::Sender {
 public:
  http::Response send(std::string_view base_url, const http::Request& request,
                      base::Env::TimePoint deadline, const std::stop_token& stop) override;

  bool away = false;                                  ///< answers nothing
  bool forgetful = false;                             ///< our token counts as revoked once
  int lifetime = 3600;                                ///< of the tokens that it gives, in seconds
  std::map<std::string, boost::json::object> tokens;  ///< of callers: the object `token`
  std::vector<std::string> requests;                  ///< `METHOD url target`
  std::string body;                                   ///< of the last request for a token

 private:
  http::Response give_token();

  std::mutex mutex_;
  int given_ = 0;
};

/// Of a caller with one role in a project.
boost::json::object caller_token(std::string_view role);

}  // namespace inspector::testing
