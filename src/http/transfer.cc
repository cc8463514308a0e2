#include "http/transfer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <new>

namespace http {
namespace {

bool repeatable(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

bool has_line_end(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

long milliseconds(base::Env::Duration d) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(d).count();
  return static_cast<long>(std::clamp<std::int64_t>(ms, 1, 1'000'000));
}

}  // namespace

Transfer::Transfer(const ClientOptions& options, const Request& request, const Destination& to,
                   Handle& handle)
    : options_(options), request_(request), to_(to), handle_(handle) {
  curl_easy_reset(handle_.easy.get());
  set_request();
  set_headers();
  set_tls();
  set_callbacks();
  set_connection_callbacks();
  if (curl_multi_add_handle(handle_.multi.get(), handle_.easy.get()) != CURLM_OK)
    throw std::bad_alloc();
}

Transfer::~Transfer() {
  curl_multi_remove_handle(handle_.multi.get(), handle_.easy.get());
  handle_.given_up = false;
}

void Transfer::add_line(const std::string& line) {
  curl_slist* longer = curl_slist_append(lines_.get(), line.c_str());
  if (!longer) throw std::bad_alloc();
  (void)lines_.release();
  lines_.reset(longer);
}

void Transfer::set_request() {
  set(CURLOPT_CURLU, to_.url.get());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options_.connect_time));
  if (!to_.unix_socket.empty()) {
    set(CURLOPT_UNIX_SOCKET_PATH, to_.unix_socket.c_str());
    set(CURLOPT_NOPROXY, "*");
  }
  const std::string& method = request_.method;
  const bool bodiless = repeatable(method) || method == "DELETE";
  if (method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (!bodiless || !request_.body.empty()) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_POSTFIELDS, request_.body.data());
  }
  if (method != "HEAD") set(CURLOPT_CUSTOMREQUEST, method.c_str());
}

void Transfer::set_headers() {
  bool has_type = false;
  for (const auto& [name, value] : request_.headers) {
    if (name.empty() || has_line_end(name) || has_line_end(value) ||
        name.find(':') != std::string::npos)
      fail(Errc::kBadUrl, "header '" + name.substr(0, name.find_first_of("\r\n:")) +
                              "' is not one line of name and value");
    has_type = has_type || same_name(name, "Content-Type");
    // libcurl wants a semicolon for a header that is there and empty; a colon would remove it.
    add_line(value.empty() ? name + ';' : name + ": " + value);
  }
  if (!has_type) add_line("Content-Type:");
  add_line("Expect:");
  set(CURLOPT_HTTPHEADER, lines_.get());
}

void Transfer::set_tls() {
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (options_.insecure) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(options_.ca_file, ignored))
    set(CURLOPT_CAPATH, options_.ca_file.c_str());
  else if (!options_.ca_file.empty())
    set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.cert_file.empty()) set(CURLOPT_SSLCERT, options_.cert_file.c_str());
  if (!options_.key_file.empty()) set(CURLOPT_SSLKEY, options_.key_file.c_str());
}

void Transfer::set_callbacks() {
  using Receive = std::size_t (*)(char*, std::size_t, std::size_t, void*);
  set(CURLOPT_ERRORBUFFER, why_.data());
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, Receive{[](char* at, std::size_t size, std::size_t n, void* self) {
        return static_cast<Transfer*>(self)->take_body({at, size * n}) ? size * n : 0;
      }});
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, Receive{[](char* at, std::size_t size, std::size_t n, void* self) {
        return static_cast<Transfer*>(self)->take_header({at, size * n}) ? size * n : 0;
      }});
}

void Transfer::set_connection_callbacks() {
  using Before = int (*)(void*, char*, char*, int, int);
  set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(CURLOPT_PREREQFUNCTION, Before{[](void* self, char*, char*, int, int) -> int {
        return static_cast<Transfer*>(self)->may_go_out() ? CURL_PREREQFUNC_OK
                                                          : CURL_PREREQFUNC_ABORT;
      }});
  using Close = int (*)(void*, curl_socket_t);
  set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(&handle_));
  set(CURLOPT_CLOSESOCKETFUNCTION, Close{[](void* handle, curl_socket_t socket) -> int {
        const linger at_once{1, 0};
        if (static_cast<Handle*>(handle)->given_up)
          setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        return close(socket);
      }});
}

/// Asked before each attempt, when the connection is there. libcurl repeats any request whose kept
/// connection ends without an answer, also one that the server may have executed.
bool Transfer::may_go_out() {
  if (stop_.stop_requested()) return false;
  return attempts_++ == 0 || repeatable(request_.method) || nothing_sent();
}

// ---- what comes back

bool Transfer::fits(std::size_t more) {
  received_ += more;
  too_large_ = too_large_ || received_ > options_.max_answer;
  return !too_large_;
}

bool Transfer::take_header(std::string_view line) {
  if (!fits(line.size())) return false;
  if (line.starts_with("HTTP/")) {  // also behind a 1xx
    response_ = Response{};
    const std::string_view status_line = trimmed(line);
    const auto code = std::min(status_line.find(' '), status_line.size());
    const auto reason = std::min(status_line.find(' ', code + 1), status_line.size());
    response_.reason = trimmed(status_line.substr(reason));
    return true;
  }
  const auto colon = line.find(':');
  if (colon != std::string_view::npos)
    response_.headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return true;
}

bool Transfer::take_body(std::string_view bytes) {
  if (!fits(bytes.size())) return false;
  response_.body += bytes;
  return true;
}

// ---- running

Response Transfer::run(base::Env& env, base::Env::TimePoint deadline, const std::stop_token& stop) {
  CURLM* multi = handle_.multi.get();
  stop_ = stop;
  const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
  for (;;) {
    int running = 0;
    if (curl_multi_perform(multi, &running) != CURLM_OK) throw std::bad_alloc();
    if (running == 0) return answer(finished_with());
    if (stop.stop_requested()) give_up(Errc::kStopped, "given up");
    const auto left = deadline - env.now();
    if (left <= base::Env::Duration::zero())
      give_up(nothing_sent() ? Errc::kNotSent : Errc::kNoAnswer, "the deadline passed");
    curl_multi_poll(multi, nullptr, 0, static_cast<int>(milliseconds(left)), nullptr);
  }
}

CURLcode Transfer::finished_with() const {
  int queued = 0;
  const CURLMsg* message = curl_multi_info_read(handle_.multi.get(), &queued);
  return message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
}

Response Transfer::answer(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(handle_.easy.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    return std::move(response_);
  }
  if (too_large_)
    fail(Errc::kNoAnswer,
         "the answer is larger than " + std::to_string(options_.max_answer) + " bytes");
  if (stop_.stop_requested()) give_up(Errc::kStopped, "given up");
  if (code == CURLE_ABORTED_BY_CALLBACK)
    fail(Errc::kNoAnswer, "the connection was closed without an answer");
  const bool bad = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
  const Errc kind = bad ? Errc::kBadUrl : nothing_sent() ? Errc::kNotSent : Errc::kNoAnswer;
  fail(kind, why_[0] ? why_.data() : curl_easy_strerror(code));
}

bool Transfer::nothing_sent() const {
  long sent = 0;
  curl_easy_getinfo(handle_.easy.get(), CURLINFO_REQUEST_SIZE, &sent);
  return sent == 0;
}

void Transfer::give_up(Errc code, const std::string& why) {
  handle_.given_up = true;
  fail(code, why);
}

void Transfer::fail(Errc code, const std::string& why) const {
  throw Error(code, request_.method + ' ' + to_.shown + ": " + why);
}

}  // namespace http
