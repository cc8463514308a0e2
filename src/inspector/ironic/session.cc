#include "inspector/ironic/session.h"

#include "base/log.h"
#include "inspector/ironic/answers.h"
#include "inspector/read_json.h"

#include <algorithm>
#include <charconv>

namespace inspector::ironic {
namespace {

namespace json = boost::json;

constexpr int kOurs = 76;   // the version that the requests of http_client.cc are written for
constexpr int kLeast = 19;  // pxe_enabled of ports
constexpr int kUnauthorized = 401, kNotAcceptable = 406, kConflict = 409, kUnavailable = 503;
constexpr base::Env::Duration kLongestAsked = std::chrono::seconds(1);

std::string without_version(std::string_view url) {
  const auto strip = [&](std::string_view end) {
    if (url.ends_with(end)) url.remove_suffix(end.size());
  };
  strip("/");
  strip("/v1");
  strip("/");
  return std::string(url);
}

// `PATCH /v1/nodes/…`: without the query, as it stands in texts.
std::string name_of(const http::Request& request) {
  return request.method + " " + request.target.substr(0, request.target.find('?'));
}

// What Ironic asks for in Retry-After, a second at most; dates are not looked at.
std::optional<base::Env::Duration> retry_after(const http::Response& response) {
  const auto text = http::find_header(response.headers, "Retry-After");
  int seconds = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error != std::errc{} || end != text->data() + text->size() || seconds < 0)
    return std::nullopt;
  return std::min<base::Env::Duration>(std::chrono::seconds(seconds), kLongestAsked);
}

}  // namespace

/// An attempt that did not succeed.
struct Session::Failed {
  int status = 0;
  std::string text;
  bool repeat = false;
  std::optional<base::Env::Duration> pause;
  bool perhaps_done = false;
};

/// The attempts of one exchange: until when, on whose behalf, and one token out of the two that
/// cancel it.
struct Session::Turn {
  Turn(const Call& call_, base::Env::TimePoint end_, base::Env::Duration one_request)
      : call(call_),
        end(end_),
        timeout(one_request),
        on_stop(call.stop, [this] { source.request_stop(); }),
        on_lost(call.lost, [this] { source.request_stop(); }) {}

  void check_lock(const std::string& what) const {
    if (call.lost.stop_requested() ||
        (call.remaining && call.remaining() <= base::Env::Duration::zero()))
      throw LockLost("the lock on the node was lost before " + what);
  }
  [[noreturn]] void throw_stopped(const std::string& what) const {
    if (call.lost.stop_requested()) throw LockLost("the lock on the node was lost during " + what);
    throw Error(0, what + ": stopped");
  }

  const Call& call;
  const base::Env::TimePoint end;
  const base::Env::Duration timeout;
  std::stop_source source;
  std::stop_callback<std::function<void()>> on_stop;
  std::stop_callback<std::function<void()>> on_lost;
};

Session::Session(base::Env& env, const IronicOptions& options, std::shared_ptr<http::Sender> sender)
    : env_(env), options_(options), http_(std::move(sender)), auth_(env, options.auth, http_) {}

json::value Session::exchange(const Ask& ask, const Call& call) {
  const auto pauses = std::max(options_.attempts * options_.retry_pause,
                               options_.connect_attempts * options_.connect_pause);
  Turn turn(call, env_.now() + options_.timeout + pauses, options_.timeout);
  Attempts attempts(options_);
  bool renewed = false;
  for (int number = 1;; ++number) {
    Failed failed;
    try {
      return attempt(ask, turn);
    } catch (Failed& e) {
      failed = std::move(e);
    }
    if (failed.status == kNotAcceptable && !renewed) {
      minor_ = 0;  // Ironic has been upgraded or replaced: ask it again
      renewed = true;
      continue;
    }
    const auto pause = attempts.next(failed.status != 0);
    const auto next = pause ? env_.now() + failed.pause.value_or(*pause) : turn.end;
    if (!failed.repeat || next >= turn.end) {
      if (number > 1) failed.text += " (" + std::to_string(number) + " attempts)";
      throw Error(failed.status, failed.text);
    }
    if (failed.perhaps_done)
      base::log_info("ironic", failed.text + "; it may have been done, trying again");
    else
      base::log_debug("ironic", failed.text + "; trying again");
    if (!env_.sleep_until(next, turn.source.get_token()))
      turn.throw_stopped(ask.method + " " + ask.path.substr(0, ask.path.find('?')));
  }
}

json::value Session::attempt(const Ask& ask, Turn& turn) {
  const std::string number = "1." + std::to_string(version(turn));
  http::Request request{.method = ask.method, .target = ask.path};
  request.headers = {{"X-OpenStack-Ironic-API-Version", number},
                     {"OpenStack-API-Version", "baremetal " + number}};
  if (ask.body) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = json::serialize(*ask.body);
  }
  const http::Response response = send(request, turn, ask.twice_is_harmless);
  if (response.body.empty()) return nullptr;
  boost::system::error_code ec;
  json::value body = read_json(response.body, ec);
  if (ec)
    throw Error(response.status, name_of(request) + ": malformed answer: not JSON, " +
                                     std::to_string(response.body.size()) + " bytes");
  return body;
}

// A 2xx answer; Failed for any other, and for none.
http::Response Session::send(const http::Request& asked, Turn& turn, bool twice_is_harmless) {
  const std::string name = name_of(asked);
  http::Response response = send_once(asked, turn, twice_is_harmless);
  constexpr int kHundred = 100;
  if (response.status / kHundred == 2) return response;
  const std::string words = error_text(response.body);
  const bool exists = words.find("already exists") != std::string::npos;
  throw Failed{response.status, name + ": " + std::to_string(response.status) + ": " + words,
               response.status == kUnavailable || (response.status == kConflict && !exists),
               retry_after(response)};
}

// A token may have been revoked before its time: then another one is tried, once.
http::Response Session::send_once(const http::Request& request, Turn& turn,
                                  bool twice_is_harmless) {
  const std::string name = name_of(request);
  const keystone::Patience patience{std::min(env_.now() + turn.timeout, turn.end),
                                    turn.source.get_token()};
  try {
    const http::Headers credentials = auth_.headers(patience);
    http::Response response = send_with(credentials, request, turn, twice_is_harmless);
    if (response.status != kUnauthorized || !auth_.refused(credentials)) return response;
    return send_with(auth_.headers(patience), request, turn, twice_is_harmless);
  } catch (const keystone::Error& e) {
    if (patience.stop.stop_requested()) turn.throw_stopped(name);
    throw Failed{0, name + ": " + e.what(), e.status == 0 || e.status >= kUnavailable, {}};
  }
}

http::Response Session::send_with(const http::Headers& credentials, const http::Request& asked,
                                  Turn& turn, bool twice_is_harmless) {
  http::Request request = asked;
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("User-Agent", "ironic-inspector");
  request.headers.insert(request.headers.end(), credentials.begin(), credentials.end());
  if (credentials.empty()) request.headers.emplace_back("X-Auth-Token", "notused");

  const std::string name = name_of(request);
  const auto deadline = std::min(env_.now() + turn.timeout, turn.end);
  const std::string url = endpoint(turn);
  turn.check_lock(name);
  try {
    return http_->send(url, request, deadline, turn.source.get_token());
  } catch (const http::Error& e) {
    if (e.code() == http::Errc::kStopped) turn.throw_stopped(name);
    const bool repeat = e.code() == http::Errc::kNotSent ||
                        (e.code() == http::Errc::kNoAnswer && twice_is_harmless);
    throw Failed{0,
                 name + ": no answer from Ironic: " + e.what(),
                 repeat,
                 {},
                 e.code() == http::Errc::kNoAnswer};
  }
}

std::string Session::endpoint(Turn& turn) {
  return without_version(auth_.endpoint(options_.endpoint, {turn.end, turn.source.get_token()}));
}

int Session::version(Turn& turn) {
  const int known = minor_;
  return known != 0 ? known : discover(turn);
}

// Two threads may find it out at once; both find the same.
int Session::discover(Turn& turn) {
  const http::Response response = send({.method = "GET", .target = "/v1/"}, turn, true);
  const auto versions = versions_of(response);
  if (!versions)
    throw Error(response.status, "GET /v1/: malformed answer: " + endpoint(turn) +
                                     " does not say which API versions it speaks");
  if (versions->most < kLeast || versions->least > kOurs)
    throw Error(kNotAcceptable, "GET /v1/: Ironic at " + endpoint(turn) +
                                    " speaks API versions 1." + std::to_string(versions->least) +
                                    " to 1." + std::to_string(versions->most) +
                                    "; needed is one from 1." + std::to_string(kLeast) + " to 1." +
                                    std::to_string(kOurs));
  minor_ = std::min(versions->most, kOurs);
  return minor_;
}

}  // namespace inspector::ironic
