#pragma once
#include "http/client.h"
#include "http/destination.h"

#include <curl/curl.h>
#include <array>
#include <memory>
#include <stop_token>

namespace http {

/// A connection and what drives it: an easy handle in a multi handle of its own, because only the
/// latter can be woken.
struct Handle {
  struct FreeEasy {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  struct FreeMulti {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };

  explicit Handle(std::string origin_)
      : multi(curl_multi_init()), easy(curl_easy_init()), origin(std::move(origin_)) {
    if (!multi || !easy) throw std::bad_alloc();
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, 1L);
  }

  /// Nobody waits for what goes over the connection: it is closed with a reset, so that what the
  /// network still has of the request is not delivered later, when another has taken over.
  bool given_up = false;
  std::unique_ptr<CURLM, FreeMulti> multi;
  std::unique_ptr<CURL, FreeEasy> easy;
  std::string origin;
};

/// One request under way on one handle, which is its own for that time.
class Transfer {
 public:
  Transfer(const ClientOptions& options, const Request& request, const Destination& to,
           Handle& handle);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  Response run(base::Env& env, base::Env::TimePoint deadline, const std::stop_token& stop);

 private:
  template <class T>
  void set(CURLoption option, T value) {
    if (curl_easy_setopt(handle_.easy.get(), option, value) != CURLE_OK)
      throw std::runtime_error("libcurl does not take option " + std::to_string(option));
  }
  void add_line(const std::string& line);
  void set_request();
  void set_headers();
  void set_tls();
  void set_callbacks();
  void set_connection_callbacks();
  bool may_go_out();

  CURLcode finished_with() const;
  Response answer(CURLcode code);
  [[noreturn]] void fail(Errc code, const std::string& why) const;
  [[noreturn]] void give_up(Errc code, const std::string& why);
  bool nothing_sent() const;

  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool fits(std::size_t more);

  const ClientOptions& options_;
  const Request& request_;
  const Destination& to_;
  Handle& handle_;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> lines_{nullptr, curl_slist_free_all};
  std::array<char, CURL_ERROR_SIZE> why_{};
  Response response_;
  std::size_t received_ = 0;
  bool too_large_ = false;
  int attempts_ = 0;
  std::stop_token stop_;
};

}  // namespace http
