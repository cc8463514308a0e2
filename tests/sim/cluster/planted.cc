#include "tests/sim/cluster/planted.h"

#include <boost/json.hpp>

namespace sim {
namespace {

using inspector::NodeLock;
using inspector::NodeLocks;

class Unfenced final : public sql::Transaction {
 public:
  explicit Unfenced(sql::Transaction& inner) : inner_(inner) {}
  sql::Dialect dialect() const noexcept override { return inner_.dialect(); }
  std::int64_t exec(std::string_view statement, std::span<const sql::Value> parameters) override {
    if (statement.starts_with("INSERT INTO cc_fence ")) return 1;
    return inner_.exec(statement, parameters);
  }
  std::vector<sql::Row> query(std::string_view statement,
                              std::span<const sql::Value> parameters) override {
    if (statement.find("FROM cc_fence ") != std::string_view::npos) return {};
    return inner_.query(statement, parameters);
  }

 private:
  sql::Transaction& inner_;
};

class NotReallyHeld final : public NodeLock::Held {
 public:
  explicit NotReallyHeld(tooz::Token token) : token_(std::move(token)) {}
  const tooz::Token& token() const noexcept override { return token_; }
  base::Env::Duration remaining() const noexcept override { return std::chrono::seconds(10); }
  std::stop_token lost() const noexcept override { return {}; }

 private:
  const tooz::Token token_;
};

class AlwaysGranted final : public NodeLocks {
 public:
  explicit AlwaysGranted(NodeLocks& inner) : inner_(inner) {}

  std::optional<NodeLock> try_acquire(std::string_view uuid) override {
    if (auto held = inner_.try_acquire(uuid)) {
      last_ = held->token();
      return held;
    }
    last_.number += 1;
    return NodeLock(std::make_unique<NotReallyHeld>(last_));
  }
  std::optional<NodeLock> acquire(std::string_view uuid, base::Env::TimePoint deadline,
                                  std::stop_token stop) override {
    return inner_.acquire(uuid, deadline, std::move(stop));
  }

 private:
  NodeLocks& inner_;
  tooz::Token last_;
};

http::Response nothing_yet(const http::Request& request) {
  const boost::json::value call = boost::json::parse(request.body);
  const boost::json::object said{{"jsonrpc", "2.0"}, {"id", call.at("id")}, {"result", nullptr}};
  return {.status = 200, .reason = {}, .headers = {}, .body = boost::json::serialize(said)};
}

}  // namespace

std::unique_ptr<sql::Transaction> without_fence(sql::Transaction& inner) {
  return std::make_unique<Unfenced>(inner);
}

std::unique_ptr<NodeLocks> always_granted(NodeLocks& inner) {
  return std::make_unique<AlwaysGranted>(inner);
}

Network::Site answering_early(Network::Site site) {
  const auto inner = std::make_shared<const Network::Site>(std::move(site));
  return {[inner](const http::Request& request, const std::stop_token& stop) {
            if (!request.target.ends_with("/do_introspection")) return inner->answer(request, stop);
            const bool taken = inner->pool_for(request)->submit(
                [inner, request](const std::stop_token& its) { inner->answer(request, its); });
            return taken ? nothing_yet(request) : inner->answer(request, stop);
          },
          inner->pool_for, inner->repeatable, inner->skip_abandoned};
}

}  // namespace sim
