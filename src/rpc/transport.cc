#include "http/client.h"
#include "rpc/message.h"
#include "rpc/rpc.h"

#include <atomic>
#include <boost/json/serialize.hpp>

namespace rpc {
namespace {

namespace json = boost::json;

class HttpTransport final : public Transport {
 public:
  explicit HttpTransport(http::Sender& sender) : sender_(sender) {}

  json::value call(const std::string& endpoint, std::string_view method, const json::object& params,
                   base::Env::TimePoint deadline, std::stop_token stop) override {
    const std::int64_t id = ++last_id_;
    const http::Request request{.method = "POST",
                                .target = "/" + std::string(method),
                                .headers = {{"Content-Type", "application/json"}},
                                .body = json::serialize(make_call(id, method, params))};
    return read(send(endpoint, request, deadline, std::move(stop)), id);
  }

 private:
  http::Response send(const std::string& endpoint, const http::Request& request,
                      base::Env::TimePoint deadline, std::stop_token stop) {
    try {
      return sender_.send(endpoint, request, deadline, std::move(stop));
    } catch (const http::Error& e) {
      const bool left = e.code() != http::Errc::kNotSent && e.code() != http::Errc::kBadUrl;
      throw Unavailable(left, e.what());
    }
  }

  static json::value read(const http::Response& response, std::int64_t id) {
    const auto answer = parse(response.body);
    const bool is_rpc = answer && answer->is_object() && answer->get_object().contains("jsonrpc");
    if (is_rpc) return result_of(*answer, id);
    const bool refused = response.status == 503 || response.status / 100 == 4;
    throw Unavailable(!refused, "the server answers HTTP " + std::to_string(response.status));
  }

  http::Sender& sender_;
  std::atomic<std::int64_t> last_id_{0};
};

}  // namespace

std::unique_ptr<Transport> http_transport(http::Sender& sender) {
  return std::make_unique<HttpTransport>(sender);
}

}  // namespace rpc
