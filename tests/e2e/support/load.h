#pragma once
#include "tests/e2e/support/api.h"

#include <memory>
#include <mutex>
#include <vector>

namespace e2e {

/// Clients that ask an API without a pause, each request on a connection of its own: reads, and
/// what only a conductor can answer. From construction to end().
class Load {
 public:
  Load(const std::string& url, int clients);

  /// What was not answered as it should be.
  struct Failure {
    base::Env::TimePoint begun;
    std::string what;
  };
  /// Waits for the requests under way. Once.
  std::vector<Failure> end();
  /// Requests that were answered as they should be, so far.
  int answered() const;

 private:
  void run(const std::stop_token& stop);
  void ask(const std::string& method, const std::string& target, int expected);

  const Api api_;
  mutable std::mutex mutex_;
  std::vector<Failure> failures_;
  int answered_ = 0;
  std::vector<std::unique_ptr<base::Env::Thread>> clients_;
};

}  // namespace e2e
