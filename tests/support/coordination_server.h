#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace support {

/// A server of one of the kinds that the drivers of the coordination library speak to, on a port of
/// 127.0.0.1. Stopped and removed with the object. For one thread. Throws std::runtime_error.
class CoordinationServer {
 public:
  virtual ~CoordinationServer() = default;
  virtual std::uint16_t port() const = 0;
  /// For tooz: of the server, or of a proxy in front of it.
  virtual std::string url(std::uint16_t port, const std::string& options) const = 0;
  std::string url(const std::string& options) const { return url(port(), options); }

  virtual void kill() = 0;    ///< SIGKILL, and waits
  virtual void start() = 0;   ///< again, with the same data; returns when it answers
  virtual void pause() = 0;   ///< SIGSTOP
  virtual void resume() = 0;  ///< SIGCONT
};

struct CoordinationKind {
  std::string name;    ///< for the names of tests
  std::string scheme;  ///< of the driver
  std::function<std::unique_ptr<CoordinationServer>()> start;
};
/// For GoogleTest.
inline void PrintTo(const CoordinationKind& kind, std::ostream* out) { *out << kind.name; }
/// One of each kind that tests can start.
std::vector<CoordinationKind> coordination_kinds();

}  // namespace support
