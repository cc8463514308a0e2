#pragma once
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/env.h"

namespace sim {

/// One JSON line per request to the simulated Ironic, written before it is answered: the judge of
/// what was sent, and what was sent twice. Thread-safe.
class RequestLog {
 public:
  /// Throws std::runtime_error naming a file that cannot be written.
  RequestLog(base::Env& env, const std::string& file);

  struct Line {
    std::string_view method, target, body;
    int status = 0;  ///< 0: the connection was dropped
  };
  void write(const Line& line);

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  base::Env& env_;
  std::mutex mutex_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace sim
