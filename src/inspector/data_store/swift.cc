#include "base/log.h"
#include "inspector/data_store/data_store.h"
#include "inspector/error.h"
#include "inspector/ironic/answers.h"
#include "inspector/keystone/session.h"

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.swift";
constexpr int kUnauthorized = 401, kNotFound = 404, kConflict = 409, kUnavailable = 503;
constexpr int kHundred = 100;

bool is_ok(const http::Response& response) { return response.status / kHundred == 2; }

std::string refusal(const http::Response& response) {
  return std::to_string(response.status) + ": " + std::string(http::reason_phrase(response.status));
}

/// Upstream's names.
std::string object_name(std::string_view uuid, bool processed) {
  return "inspector_data-" + std::string(uuid) + (processed ? "" : "-UNPROCESSED");
}

class SwiftDataStore final : public DataStore {
 public:
  SwiftDataStore(base::Env& env, const SwiftOptions& options, std::shared_ptr<http::Sender> sender)
      : env_(env),
        options_(options),
        sender_(std::move(sender)),
        auth_(env, options.service.auth, sender_) {}

  void save(std::string_view uuid, bool processed, std::string_view json,
            const tooz::Token&) override {
    const base::Env::TimePoint deadline = env_.after(options_.service.timeout);
    const http::Request container{.method = "PUT", .target = path()};
    must(container, "create container " + options_.container, deadline);
    const std::string name = object_name(uuid, processed);
    http::Request object{.method = "PUT",
                         .target = path() + "/" + ironic::encoded(name),
                         .headers = {{"Content-Type", "application/json"}},
                         .body = std::string(json)};
    if (options_.delete_after > 0)
      object.headers.emplace_back("X-Delete-After", std::to_string(options_.delete_after));
    must(object, "create object " + in_container(name), deadline);
  }

  std::optional<std::string> find(std::string_view uuid, bool processed) override {
    http::Response response = ask_for(uuid, processed);
    if (response.status == kNotFound) return std::nullopt;
    return std::move(response.body);
  }

  std::string get(std::string_view uuid, bool processed) override {
    http::Response response = ask_for(uuid, processed);
    if (response.status == kNotFound)
      fail("get object " + in_container(object_name(uuid, processed)), refusal(response));
    return std::move(response.body);
  }

 private:
  std::string path() const { return "/" + ironic::encoded(options_.container); }
  std::string in_container(const std::string& name) const {
    return name + " in container " + options_.container;
  }

  [[noreturn]] static void fail(const std::string& what, const std::string& why) {
    throw Error(Errc::kBadRequest, "Swift failed to " + what + ". Error was: " + why);
  }

  /// The answer is 2xx or 404.
  http::Response ask_for(std::string_view uuid, bool processed) {
    const std::string name = object_name(uuid, processed);
    const http::Request request{.method = "GET", .target = path() + "/" + ironic::encoded(name)};
    const std::string what = "get object " + in_container(name);
    http::Response response = exchange(request, what, env_.after(options_.service.timeout));
    if (!is_ok(response) && response.status != kNotFound) fail(what, refusal(response));
    return response;
  }

  void must(const http::Request& request, const std::string& what, base::Env::TimePoint deadline) {
    const http::Response response = exchange(request, what, deadline);
    if (!is_ok(response)) fail(what, refusal(response));
  }

  /// Any answer but one that may be another in a moment: every request here may come twice.
  http::Response exchange(const http::Request& request, const std::string& what,
                          base::Env::TimePoint deadline) {
    for (Attempts attempts(options_.service);;) {
      std::optional<base::Env::TimePoint> again;
      const auto is_last = [&](bool answered) {
        if (const auto pause = attempts.next(answered)) again = env_.after(*pause);
        return !again || *again >= deadline;
      };
      std::string why;
      try {
        http::Response response = send(request, deadline);
        const bool passes = response.status == kUnavailable || response.status == kConflict;
        if (!passes || is_last(true)) return response;
        why = refusal(response);
      } catch (const http::Error& error) {
        if (is_last(false) || error.code() == http::Errc::kBadUrl) fail(what, error.what());
        why = error.what();
      }
      base::log_debug(kComponent, "Swift failed to " + what + ": " + why + "; trying again");
      env_.sleep_until(*again, {});
    }
  }

  http::Response send(const http::Request& request, base::Env::TimePoint deadline) {
    const keystone::Patience patience{deadline, {}};
    try {
      const http::Headers credentials = auth_.headers(patience);
      http::Response response = send_with(credentials, request, patience);
      if (response.status != kUnauthorized || !auth_.refused(credentials)) return response;
      return send_with(auth_.headers(patience), request, patience);
    } catch (const keystone::Error& error) {
      throw Error(Errc::kBadRequest,
                  std::string("Could not connect to the object storage service: ") + error.what());
    }
  }

  http::Response send_with(const http::Headers& credentials, http::Request request,
                           const keystone::Patience& patience) {
    request.headers.insert(request.headers.end(), credentials.begin(), credentials.end());
    return sender_->send(auth_.endpoint(options_.service.endpoint, patience), request,
                         patience.deadline, patience.stop);
  }

  base::Env& env_;
  const SwiftOptions options_;
  const std::shared_ptr<http::Sender> sender_;
  keystone::Session auth_;
};

}  // namespace

std::unique_ptr<DataStore> swift_data_store(base::Env& env, const SwiftOptions& options,
                                            std::shared_ptr<http::Sender> sender) {
  if (!sender) sender = std::make_shared<http::Client>(env, options.service.client);
  return std::make_unique<SwiftDataStore>(env, options, std::move(sender));
}

}  // namespace inspector
