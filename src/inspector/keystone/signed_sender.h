#pragma once
#include "inspector/keystone/session.h"

namespace inspector::keystone {

/// Sends requests with the credentials of a session. One that is refused with 401 is sent once more
/// with a new token. What keeps a session from having credentials is http::Errc::kNotSent.
/// Thread-safe.
class SignedSender final : public http::Sender {
 public:
  SignedSender(base::Env& env, const ServiceAuth& auth, std::shared_ptr<http::Sender> sender)
      : sender_(std::move(sender)), session_(env, auth, sender_) {}

  http::Response send(std::string_view base_url, const http::Request& request,
                      base::Env::TimePoint deadline, const std::stop_token& stop) override;

 private:
  http::Headers credentials(const Patience& patience);

  const std::shared_ptr<http::Sender> sender_;
  Session session_;
};

}  // namespace inspector::keystone
