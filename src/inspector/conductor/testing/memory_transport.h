#pragma once
#include "rpc/rpc.h"

#include <map>
#include <mutex>
#include <string>

namespace inspector::testing {

/// JSON-RPC without a network: calls are answered by the methods that serve at their endpoint, on
/// the caller's thread. Thread-safe.
class MemoryTransport final : public rpc::Transport {
 public:
  explicit MemoryTransport(base::Env& env) : env_(env) {}

  /// What becomes of calls to an endpoint.
  enum class Trouble { kNone, kRefused, kSilent, kAnswerLost };

  void serve(const std::string& endpoint, const rpc::Methods& methods);
  void set_trouble(const std::string& endpoint, Trouble trouble);
  std::size_t calls(const std::string& endpoint) const;  ///< made to it, whatever became of them

  boost::json::value call(const std::string& endpoint, std::string_view method,
                          const boost::json::object& params, base::Env::TimePoint deadline,
                          std::stop_token stop) override;

 private:
  struct Server {
    const rpc::Methods* methods = nullptr;
    Trouble trouble = Trouble::kNone;
    std::size_t calls = 0;
  };

  base::Env& env_;
  mutable std::mutex mutex_;
  std::map<std::string, Server> servers_;
};

}  // namespace inspector::testing
