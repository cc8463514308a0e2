#include "http/client.h"

#include "http/transfer.h"

#include <algorithm>
#include <mutex>
#include <vector>

namespace http {
namespace {

struct ErrorCategory : std::error_category {
  const char* name() const noexcept override { return "http"; }
  std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::kNotSent:
        return "the request was not sent";
      case Errc::kNoAnswer:
        return "the request was sent and not answered";
      case Errc::kStopped:
        return "stopped";
      case Errc::kBadUrl:
        return "the request cannot be sent";
    }
    return "unknown";
  }
};

}  // namespace

std::error_code make_error_code(Errc code) noexcept {
  static const ErrorCategory category;
  return {static_cast<int>(code), category};
}

class Client::Impl {
 public:
  Impl(base::Env& env, ClientOptions options) : env_(env), options_(std::move(options)) {
    idle_.reserve(options_.max_idle);
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready != CURLE_OK) throw std::runtime_error("libcurl does not start");
  }

  Response send(std::string_view base_url, const Request& request, base::Env::TimePoint deadline,
                const std::stop_token& stop) {
    check_method(request);
    const Destination to = make_destination(request.method, base_url, request.target);
    Lease lease(*this, to.origin);
    return Transfer(options_, request, to, *lease.handle).run(env_, deadline, stop);
  }

 private:
  /// A handle out of the pool for one request.
  struct Lease {
    Lease(Impl& pool_, const std::string& origin) : pool(pool_), handle(pool_.take(origin)) {}
    ~Lease() { pool.give(std::move(handle)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Impl& pool;
    std::unique_ptr<Handle> handle;
  };

  static void check_method(const Request& request) {
    const bool good =
        !request.method.empty() && std::all_of(request.method.begin(), request.method.end(),
                                               [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!good) throw Error(Errc::kBadUrl, "a method is not made of capital letters");
  }

  std::unique_ptr<Handle> take(const std::string& origin) {
    {
      const std::lock_guard lock(mutex_);
      const auto found =
          std::find_if(idle_.rbegin(), idle_.rend(),
                       [&](const std::unique_ptr<Handle>& h) { return h->origin == origin; });
      if (found != idle_.rend()) {
        auto handle = std::move(*found);
        idle_.erase(std::next(found).base());
        return handle;
      }
    }
    return std::make_unique<Handle>(origin);
  }

  void give(std::unique_ptr<Handle> handle) noexcept {
    std::unique_ptr<Handle> oldest;  // its connection is closed without the mutex
    const std::lock_guard lock(mutex_);
    if (options_.max_idle == 0) return oldest.swap(handle);
    if (idle_.size() >= options_.max_idle) {
      oldest = std::move(idle_.front());
      idle_.erase(idle_.begin());
    }
    idle_.push_back(std::move(handle));
  }

  base::Env& env_;
  const ClientOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Handle>> idle_;  ///< longest unused first
};

Client::Client(base::Env& env, ClientOptions options)
    : impl_(std::make_unique<Impl>(env, std::move(options))) {}
Client::~Client() = default;

Response Client::send(std::string_view base_url, const Request& request,
                      base::Env::TimePoint deadline, const std::stop_token& stop) {
  return impl_->send(base_url, request, deadline, stop);
}

}  // namespace http
