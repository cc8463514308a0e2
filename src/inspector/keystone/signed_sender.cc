#include "inspector/keystone/signed_sender.h"

namespace inspector::keystone {
namespace {

constexpr int kUnauthorized = 401;

http::Request with(http::Request request, const http::Headers& headers) {
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  return request;
}

}  // namespace

http::Headers SignedSender::credentials(const Patience& patience) {
  try {
    return session_.headers(patience);
  } catch (const keystone::Error& error) {
    throw http::Error(http::Errc::kNotSent, error.what());
  }
}

http::Response SignedSender::send(std::string_view base_url, const http::Request& request,
                                  base::Env::TimePoint deadline, const std::stop_token& stop) {
  const Patience patience{deadline, stop};
  const http::Headers headers = credentials(patience);
  http::Response response = sender_->send(base_url, with(request, headers), deadline, stop);
  if (response.status != kUnauthorized || !session_.refused(headers)) return response;
  return sender_->send(base_url, with(request, credentials(patience)), deadline, stop);
}

}  // namespace inspector::keystone
