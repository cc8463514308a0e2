#include "tooz/drivers/etcd/dispatcher.h"

#include "base/log.h"
#include "tooz/drivers/etcd/codec.h"

#include <algorithm>
#include <utility>

namespace tooz::etcd {
namespace {

constexpr std::size_t kMaxCalls = 10'000;

// Within one call's timeout every endpoint can be tried, or a connection whose server was stopped
// is found dead.
Patience patience_of(const Options& options) {
  const auto hosts = static_cast<int>(options.hosts.size());
  return {.open = options.timeout / (2 * hosts),
          .quiet = options.timeout / 3,
          .idle = options.timeout * 2,
          .pong = options.timeout / 3};
}

}  // namespace

Dispatcher::Dispatcher(Env& env, const Options& options, std::atomic<std::uint64_t>& generation)
    : env_(env),
      options_(options),
      patience_(patience_of(options)),
      endpoints_(env, options.hosts),
      generation_(generation) {}

void Dispatcher::add(std::shared_ptr<Call> call) {
  const std::size_t sent = (current_ ? current_->calls() : 0) + (retired_ ? retired_->calls() : 0);
  if (waiting_.size() + sent >= kMaxCalls)
    return call->finish({Code::kUnavailable, "too many calls at once"});
  waiting_.push_back(std::move(call));
}

void Dispatcher::cancel(const std::shared_ptr<Call>& call) {
  std::erase(waiting_, call);
  if (current_) current_->cancel(*call);
  if (retired_) retired_->cancel(*call);
  call->finish({Code::kCancelled, "cancelled"});
}

void Dispatcher::work() {
  work_on(retired_);
  if (retired_ && retired_->idle()) retired_.reset();
  work_on(current_);
  if (current_ && current_->draining()) retire();
  if (login_call_ && env_.now() >= login_call_->request().deadline && current_)
    give_up(std::move(current_), "no answer to the login");
  if (waiting_.empty()) return;
  if (!current_) connect();
  if (current_ && current_->open()) send_waiting();
}

void Dispatcher::work_on(std::unique_ptr<Connection>& connection) {
  if (!connection) return;
  bool useful = true;
  std::string why = connection->error();
  for (auto& end : connection->take_ended()) {
    const std::string text = end.status.message;
    if (ended(std::move(end))) continue;
    useful = false;
    if (why.empty()) why = connection->authority() + ": " + text;
  }
  const bool elsewhere = !useful && endpoints_.hosts() > 1;
  if (elsewhere || !connection->error().empty()) give_up(std::move(connection), why);
}

void Dispatcher::connect() {
  if (env_.now() < endpoints_.ready_at()) return;
  try {
    if (options_.tls && !tls_) tls_ = std::make_unique<net::TlsContext>(options_.files, "h2");
    Endpoints::Choice choice = endpoints_.choose();
    if (!choice.peer) return attempt_failed(choice.error);
    ready_ = false;
    current_ = std::make_unique<Connection>(env_, std::move(*choice.peer), tls_.get(), patience_);
  } catch (const std::runtime_error& e) {
    attempt_failed(e.what());
  }
}

void Dispatcher::attempt_failed(const std::string& why) {
  base::log_debug("tooz.etcd", "no connection", {{"reason", why}});
  if (endpoints_.failed()) fail_waiting({Code::kUnavailable, why});
}

void Dispatcher::give_up(std::unique_ptr<Connection> connection, const std::string& why) {
  const Status status{Code::kUnavailable, why};
  for (const auto& call : connection->abandon()) {
    if (call == login_call_) {
      login_call_.reset();
      login_ = Login::kNone;
    } else {
      send_again_or_fail(call, call->request().repeatable, status);
    }
  }
  if (current_) return;  // it was the retired one
  if (!ready_) return attempt_failed(why);
  ready_ = false;
  base::log_info("tooz.etcd", "connection lost", {{"reason", why}});
  endpoints_.lost();
}

void Dispatcher::retire() {
  if (retired_) give_up(std::exchange(retired_, nullptr), "the server goes away");
  retired_ = std::move(current_);
  if (!ready_) attempt_failed(retired_->authority() + ": the server goes away");
  ready_ = false;
}

void Dispatcher::opened() {
  ready_ = true;
  ++generation_;
  endpoints_.succeeded();
  base::log_debug("tooz.etcd", "connected", {{"endpoint", current_->authority()}});
}

void Dispatcher::send_waiting() {
  if (!options_.user.empty() && login_ != Login::kDone) {
    if (login_ == Login::kNone) log_in();
    return;
  }
  if (!ready_) opened();
  while (!waiting_.empty() && !current_->draining() && current_->error().empty()) {
    const auto call = std::move(waiting_.front());
    waiting_.pop_front();
    if (env_.now() >= call->request().deadline) {
      call->finish({Code::kDeadlineExceeded, "no connection in time"});
      continue;
    }
    ++call->attempts;
    call->login = login_number_;
    call->generation = generation_;
    current_->submit(call, token_);
  }
}

void Dispatcher::log_in() {
  login_ = Login::kRunning;
  login_call_ = std::make_shared<Call>(
      env_, Request{.path = "/etcdserverpb.Auth/Authenticate",
                    .message = encode_authenticate(options_.user, options_.password),
                    .deadline = env_.now() + options_.timeout});
  current_->submit(login_call_, "");
}

bool Dispatcher::logged_in(const Status& status) {
  const auto call = std::exchange(login_call_, nullptr);
  login_ = Login::kNone;
  try {
    if (status.ok()) token_ = decode_token(call->take_message().value_or(""));
  } catch (const BadReply& e) {
    fail_waiting({Code::kInternal, e.what()});
    return true;
  }
  if (status.ok() || login_not_needed(status)) {
    if (!status.ok()) token_.clear();
    login_ = Login::kDone;
    ++login_number_;
    return true;
  }
  fail_waiting(status);
  return status.code != Code::kUnavailable;
}

bool Dispatcher::ended(Connection::Ended end) {
  if (end.call == login_call_) return logged_in(end.status);
  const Call& call = *end.call;
  if (end.refused) {
    send_again_or_fail(end.call, true, std::move(end.status));
  } else if (!options_.user.empty() && token_refused(end.status)) {
    if (call.login == login_number_ && login_ == Login::kDone) login_ = Login::kNone;
    send_again_or_fail(end.call, true, std::move(end.status));
  } else if (end.status.code == Code::kUnavailable) {
    const bool elsewhere = endpoints_.hosts() > 1 && call.request().repeatable;
    send_again_or_fail(end.call, elsewhere, std::move(end.status));
    return false;
  } else {
    end.call->finish(std::move(end.status));
  }
  return true;
}

void Dispatcher::send_again_or_fail(const std::shared_ptr<Call>& call, bool harmless,
                                    Status status) {
  const auto most = static_cast<int>(endpoints_.hosts()) + 2;
  if (!harmless || call->attempts >= most) return call->finish(std::move(status));
  while (call->take_message()) {
  }
  waiting_.push_back(call);
}

void Dispatcher::fail_waiting(const Status& status) {
  for (const auto& call : std::exchange(waiting_, {}))
    call->finish(status);
}

void Dispatcher::collect(std::vector<pollfd>& polled) const {
  for (const auto* connection : {current_.get(), retired_.get()})
    if (connection != nullptr) polled.push_back({connection->fd(), connection->interest(), 0});
}

Env::TimePoint Dispatcher::timer() const {
  auto when = Env::TimePoint::max();
  for (const auto* connection : {current_.get(), retired_.get()})
    if (connection != nullptr) when = std::min(when, connection->timer());
  if (login_call_) when = std::min(when, login_call_->request().deadline);
  if (!current_ && !waiting_.empty()) when = std::min(when, endpoints_.ready_at());
  return when;
}

void Dispatcher::advance(const std::vector<pollfd>& polled) {
  for (auto* connection : {current_.get(), retired_.get()}) {
    if (connection == nullptr) continue;
    for (const pollfd& one : polled)
      if (one.fd == connection->fd() && one.revents != 0) connection->advance();
    connection->on_timer();
  }
}

void Dispatcher::close() {
  const Status status{Code::kCancelled, "the backend is being closed"};
  fail_waiting(status);
  for (auto* connection : {current_.get(), retired_.get()})
    if (connection != nullptr)
      for (const auto& call : connection->abandon())
        call->finish(status);
}

}  // namespace tooz::etcd
