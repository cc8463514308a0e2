#include "tooz/drivers/redis/locator.h"

#include "tooz/drivers/redis/codec.h"
#include "tooz/error.h"

#include <algorithm>
#include <charconv>

namespace tooz::redis {
namespace {

constexpr int kOldest = 5;  // the first whose scripts replicate by their effects alone

std::uint16_t port_of(const std::string& text) {
  std::uint16_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  if (port == 0) throw BadReply("a port");
  return port;
}

}  // namespace

Locator::Locator(Env& env, Options options)
    : env_(env), options_(std::move(options)), db_(std::to_string(options_.db)) {}

Locator::Tls Locator::tls() {
  const std::lock_guard lock(mutex_);
  if (!tls_read_ && (options_.tls || options_.sentinel_tls)) {
    const auto context = std::make_shared<const net::TlsContext>(options_.files);
    if (options_.tls) tls_.servers = context;
    if (options_.sentinel_tls) tls_.sentinels = context;
  }
  tls_read_ = true;
  return tls_;
}

std::unique_ptr<Connection> Locator::connect(Env::TimePoint deadline) {
  if (!options_.socket.empty()) return connect_to({options_.socket, 0, nullptr}, deadline);
  return options_.sentinel.empty() ? connect_to_first(deadline) : connect_by_sentinel(deadline);
}

// What is left is shared with the attempts that may follow.
Env::TimePoint Locator::attempt_until(Env::TimePoint deadline, std::size_t attempts) const {
  const auto now = env_.now();
  const auto share = (deadline - now) / static_cast<std::int64_t>(attempts);
  return now + std::min(share, options_.connect_timeout);
}

std::unique_ptr<Connection> Locator::connect_to(const net::Destination& server,
                                                Env::TimePoint deadline) {
  auto connection = std::make_unique<Connection>(env_, server, deadline);
  log_in(*connection, {options_.user, options_.password, options_.name}, deadline);
  check(*connection, deadline);
  return connection;
}

void Locator::check(Connection& connection, Env::TimePoint deadline) {
  const auto replies = connection.ask({{"SELECT", db_}, {"INFO"}}, deadline);
  for (const Reply& reply : replies) {
    if (reply.kind != Reply::Kind::kError) continue;
    const std::string why = connection.server() + ": " + reply.text;
    if (reply.is_error("LOADING")) throw net::TransportError(why);
    throw Error(Errc::kDenied, options_.name + ": " + why);
  }
  const ServerInfo info = decode_info(decode_text(replies[1]));
  if (info.version < kOldest)
    throw Error(Errc::kUnsuitable,
                options_.name + ": " + connection.server() + " is older than Redis 5");
  if (!info.master)
    throw net::TransportError(connection.server() + ": it is a replica and takes no writes");
  if (info.evicts)
    throw Error(Errc::kUnsuitable, options_.name + ": " + connection.server() +
                                       " drops keys when it is short of memory; set its"
                                       " maxmemory-policy to noeviction or volatile-lru");
}

std::unique_ptr<Connection> Locator::connect_to_first(Env::TimePoint deadline) {
  const auto contexts = tls();
  const std::size_t count = options_.hosts.size();
  const std::size_t first = first_;
  for (std::size_t i = 0;; ++i) {
    const std::size_t which = (first + i) % count;
    const Url::Host& host = options_.hosts[which];
    try {
      auto connection =
          connect_to({host.name, host.port, contexts.servers}, attempt_until(deadline, count - i));
      first_ = which;
      return connection;
    } catch (const std::runtime_error&) {
      if (i + 1 == count) throw;
    }
  }
}

std::unique_ptr<Connection> Locator::connect_by_sentinel(Env::TimePoint deadline) {
  const std::size_t count = options_.hosts.size();
  const std::size_t first = first_;
  for (std::size_t i = 0;; ++i) {
    const std::size_t which = (first + i) % count;
    try {
      const auto master =
          ask_sentinel(options_.hosts[which], attempt_until(deadline, count - i + 1));
      auto connection = connect_to(master, attempt_until(deadline, count - i));
      first_ = which;
      return connection;
    } catch (const std::runtime_error&) {
      if (i + 1 == count) throw;
    }
  }
}

net::Destination Locator::ask_sentinel(const Url::Host& sentinel, Env::TimePoint deadline) {
  const auto contexts = tls();
  Connection connection(env_, {sentinel.name, sentinel.port, contexts.sentinels}, deadline);
  log_in(connection, {options_.sentinel_user, options_.sentinel_password, options_.name}, deadline);
  const Reply reply =
      connection.ask_one({"SENTINEL", "get-master-addr-by-name", options_.sentinel}, deadline);
  if (reply.kind == Reply::Kind::kError)
    throw Error(Errc::kDenied, options_.name + ": " + connection.server() + ": " + reply.text);
  if (reply.kind == Reply::Kind::kNil)
    throw net::TransportError(connection.server() + ": Sentinel knows no master `" +
                              options_.sentinel + "`");
  if (reply.elements.size() != 2) throw BadReply("Sentinel's address of the master");
  return {decode_text(reply.elements[0]), port_of(decode_text(reply.elements[1])),
          contexts.servers};
}

}  // namespace tooz::redis
