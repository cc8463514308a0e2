#include "inspector/keystone/memcached_servers.h"

#include "base/log.h"
#include "tooz/drivers/memcached_wire/protocol.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

namespace inspector::keystone {
namespace {

constexpr std::string_view kComponent = "inspector.keystone";
constexpr std::size_t kLargest = std::size_t{1} << 20;  // that a memcached takes by default
constexpr int kTries = 10;                              // of a key's order, as in Python

/// python-memcached's, so that Python's processes and ours look at the same server.
std::uint32_t hash_of(const std::string& text) {
  const auto crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
  return std::max<std::uint32_t>(crc >> 16U & 0x7fffU, 1);
}

}  // namespace

MemcachedServers::MemcachedServers(base::Env& env, const SharedTokenOptions& options)
    : env_(env), options_(options) {
  for (const auto& [host, port] : options_.servers) {
    servers_.push_back(std::make_unique<Server>());
    servers_.back()->where = {host, port, nullptr};
    servers_.back()->returned = env_.make_event();
  }
}

std::optional<std::string> MemcachedServers::get(const std::string& key) {
  std::optional<std::string> found;
  run(key, [&](Connection& connection) {
    connection.send("get " + key + "\r\n");
    for (const tooz::memcached::Item& item : connection.items()) {
      if (item.key != key) throw tooz::memcached::BadReply("an item that was not asked for");
      found.emplace(item.data.data(), item.data.size());
    }
  });
  return found;
}

bool MemcachedServers::set(const std::string& key, const std::string& data, int seconds) {
  if (data.size() > kLargest) return false;
  bool stored = false;
  run(key, [&](Connection& connection) {
    connection.send(tooz::memcached::encode(
        {.verb = "set", .key = key, .data = data, .seconds = seconds, .unique = 0}));
    stored = connection.line() == "STORED";
  });
  return stored;
}

bool MemcachedServers::run(const std::string& key, const Action& action) {
  std::uint32_t hash = hash_of(key);
  for (int i = 0; i < kTries; ++i) {
    Server& server = *servers_[hash % servers_.size()];
    if (!is_dead(server)) {
      if (run_on(server, action)) return true;
      if (!is_dead(server)) return false;  // it has said no, or all its connections are busy
    }
    hash = hash_of(std::to_string(hash) + std::to_string(i));
  }
  return false;
}

bool MemcachedServers::run_on(Server& server, const Action& action) {
  std::unique_ptr<Connection> connection;
  try {
    connection = take(server);
    if (!connection) return false;
    connection->set_deadline(env_.after(options_.socket_timeout));
    action(*connection);
  } catch (const tooz::memcached::Refused& error) {
    base::log_warning(kComponent, std::string("memcached refuses: ") + error.what());
    give_back(server, std::move(connection));
    return false;
  } catch (const std::runtime_error& error) {
    give_back(server, nullptr);
    is_no_use(server, error.what());
    return false;
  }
  give_back(server, std::move(connection));
  return true;
}

bool MemcachedServers::is_dead(Server& server) {
  const auto now = env_.now();
  const std::lock_guard lock(server.mutex);
  return now < server.dead_until;
}

void MemcachedServers::is_no_use(Server& server, const std::string& why) {
  const auto until = env_.after(options_.dead_retry);
  std::vector<Idle> closed;  // outlives the lock
  {
    const std::lock_guard lock(server.mutex);
    server.dead_until = until;
    server.open -= server.idle.size();
    closed.swap(server.idle);
  }
  const auto pause = std::chrono::duration_cast<std::chrono::seconds>(options_.dead_retry);
  base::log_warning(kComponent, "a memcached is left alone, tokens are checked with Keystone",
                    {{"server", server.where.text()}, {"seconds", pause.count()}, {"error", why}});
}

/// Those that were idle for too long, or that the server has closed, are closed on the way.
std::unique_ptr<MemcachedServers::Connection> MemcachedServers::idle_connection(Server& server) {
  const auto now = env_.now();
  std::vector<Idle> closed;  // outlives the lock
  const std::lock_guard lock(server.mutex);
  const auto expired = std::stable_partition(server.idle.begin(), server.idle.end(),
                                             [&](const Idle& each) { return each.until > now; });
  std::move(expired, server.idle.end(), std::back_inserter(closed));
  server.idle.erase(expired, server.idle.end());
  server.open -= closed.size();
  while (!server.idle.empty()) {
    std::unique_ptr<Connection> connection = std::move(server.idle.back().connection);
    server.idle.pop_back();
    if (connection->usable()) return connection;
    --server.open;
  }
  return nullptr;
}

bool MemcachedServers::reserve(Server& server) {
  const std::lock_guard lock(server.mutex);
  if (server.open >= options_.most_connections) return false;
  ++server.open;
  return true;
}

/// Null: all are busy. Throws when the server cannot be connected to.
std::unique_ptr<MemcachedServers::Connection> MemcachedServers::take(Server& server) {
  const auto give_up = env_.after(options_.get_timeout);
  for (;;) {
    if (auto connection = idle_connection(server)) return connection;
    if (reserve(server))
      return std::make_unique<Connection>(env_, server.where, env_.after(options_.socket_timeout));
    if (!server.returned->wait_until(give_up, {})) return nullptr;
  }
}

/// Null: it has been closed. Whoever waits looks again.
void MemcachedServers::give_back(Server& server, std::unique_ptr<Connection> connection) {
  const auto until = env_.after(options_.unused_timeout);
  const std::lock_guard lock(server.mutex);
  if (connection)
    server.idle.push_back({std::move(connection), until});
  else
    --server.open;
  server.returned->set();
}

}  // namespace inspector::keystone
