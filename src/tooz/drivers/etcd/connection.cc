#include "tooz/drivers/etcd/connection.h"

#include <algorithm>
#include <utility>

namespace tooz::etcd {
namespace {

constexpr std::size_t kMaxQueued = 256U
                                   << 10;  // bytes for the socket; the rest stays in the session

// A server counts PINGs that follow one another within five seconds as an attack.
constexpr auto kPingPause = std::chrono::milliseconds(5500);

}  // namespace

Connection::Connection(Env& env, Peer peer, const net::TlsContext* tls, Patience patience)
    : env_(env),
      peer_(std::move(peer)),
      tls_(tls != nullptr),
      patience_(patience),
      transport_(peer_.address, tls, peer_.host),
      session_(*this),
      begun_(env.now()),
      received_(begun_),
      owed_since_(begun_),
      pinged_(begun_ - kPingPause) {
  pump();
}

void Connection::advance() {
  if (!error_.empty()) return;
  try {
    const std::string bytes = transport_.read();
    if (!bytes.empty()) {
      received_ = env_.now();
      ping_open_ = false;
      const std::string broken = session_.receive(bytes);
      if (!broken.empty()) fail(broken);
    }
  } catch (const std::runtime_error& e) {
    fail(e.what());
  }
  pump();
}

void Connection::pump() {
  if (!error_.empty()) return;
  try {
    transport_.flush();
    while (transport_.queued() < kMaxQueued) {
      const std::string_view bytes = session_.output();
      if (bytes.empty()) break;
      transport_.write(bytes);
    }
    if (session_.over() && !draining_) fail("the server broke HTTP/2");
  } catch (const std::runtime_error& e) {
    fail(e.what());
  }
}

void Connection::fail(std::string why) {
  if (error_.empty()) error_ = peer_.authority + ": " + std::move(why);
}

Env::TimePoint Connection::ping_due() const noexcept {
  if (exchanges_.empty()) return Env::TimePoint::max();
  const auto silent_since = owed_ != 0 ? std::max(received_, owed_since_) : received_;
  const Env::Duration quiet = owed_ != 0 ? patience_.quiet : patience_.idle;
  return std::max(silent_since + quiet, pinged_ + kPingPause);
}

Env::TimePoint Connection::timer() const noexcept {
  if (!error_.empty() || !ended_.empty()) return begun_;
  if (!open_) return begun_ + patience_.open;
  return ping_open_ ? pinged_ + patience_.pong : ping_due();
}

void Connection::on_timer() {
  const auto now = env_.now();
  if (!error_.empty() || !ended_.empty() || now < timer()) return;
  if (!open_) return fail("no answer to the connection");
  if (ping_open_) return fail("no answer to PING");
  pinged_ = now;
  ping_open_ = true;
  session_.ping();
  pump();
}

void Connection::submit(std::shared_ptr<Call> call, const std::string& token) {
  const Request& request = call->request();
  const auto now = env_.now();
  const std::string timeout = timeout_header(request.deadline - now);
  std::vector<Header> headers{
      {":method", "POST"},
      {":scheme", tls_ ? "https" : "http"},
      {":path", request.path},
      {":authority", peer_.authority},
      {"content-type", "application/grpc"},
      {"te", "trailers"},
      {"hasleader", "true"},  // a member cut off from the others says so at once
  };
  if (!token.empty()) headers.push_back({"token", token, true});
  if (request.deadline != Env::TimePoint::max()) headers.push_back({"grpc-timeout", timeout});
  const std::int32_t stream = session_.submit(headers, frame(request.message), !request.stays_open);
  if (stream < 0) {
    draining_ = true;
    ended_.push_back({std::move(call), {Code::kUnavailable, "no more streams"}, true});
    return;
  }
  if (!request.stays_open && owed_++ == 0) owed_since_ = now;
  exchanges_.emplace(stream, Exchange(std::move(call), now));
  pump();
}

void Connection::cancel(const Call& call) {
  const auto found = std::ranges::find_if(
      exchanges_, [&](const auto& entry) { return entry.second.call().get() == &call; });
  if (found == exchanges_.end()) return;
  const bool silent = received_ < found->second.begun();
  if (silent && env_.now() >= call.request().deadline) fail("no answer");
  if (!call.request().stays_open) --owed_;
  session_.reset(found->first);
  exchanges_.erase(found);
  pump();
}

std::vector<Connection::Ended> Connection::take_ended() { return std::exchange(ended_, {}); }

std::vector<std::shared_ptr<Call>> Connection::abandon() {
  std::vector<std::shared_ptr<Call>> calls;
  for (const auto& [stream, exchange] : exchanges_)
    calls.push_back(exchange.call());
  exchanges_.clear();
  owed_ = 0;
  return calls;
}

void Connection::on_settings() { open_ = true; }

void Connection::on_header(std::int32_t stream, std::string_view name, std::string_view value) {
  const auto found = exchanges_.find(stream);
  if (found != exchanges_.end()) found->second.header(name, value);
}

void Connection::on_data(std::int32_t stream, std::string_view bytes) {
  const auto found = exchanges_.find(stream);
  if (found != exchanges_.end() && !found->second.data(bytes)) session_.reset(stream);
}

void Connection::on_close(std::int32_t stream, std::uint32_t error, bool refused) {
  const auto found = exchanges_.find(stream);
  if (found == exchanges_.end()) return;
  const Exchange& exchange = found->second;
  if (!exchange.call()->request().stays_open) --owed_;
  ended_.push_back({exchange.call(), exchange.status(error), refused});
  exchanges_.erase(found);
}

void Connection::on_goaway(std::uint32_t error) {
  draining_ = true;
  if (error != 0)
    return fail("the server ends the connection (HTTP/2 error " + std::to_string(error) + ")");
  // Answers that are owed will still come; a watch would keep the server from ending.
  std::erase_if(exchanges_, [this](const auto& entry) {
    const auto& [stream, exchange] = entry;
    if (!exchange.call()->request().stays_open) return false;
    session_.reset(stream);
    ended_.push_back({exchange.call(), {Code::kUnavailable, "the server goes away"}, false});
    return true;
  });
}

}  // namespace tooz::etcd
