#pragma once
#include "tooz/coordinator.h"

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace inspector {

constexpr std::string_view kConductorPrefix = "ironic_inspector.conductor.";
constexpr std::string_view kApiPrefix = "ironic_inspector.api.";

struct ConductorEndpoint {
  std::string member;
  std::string url;  ///< of its JSON-RPC
};

/// The conductors that can be called now. Thread-safe.
class ConductorDirectory {
 public:
  virtual ~ConductorDirectory() = default;
  virtual std::vector<ConductorEndpoint> endpoints() = 0;
};

/// The members of a group whose capabilities name an `endpoint`, from a view that a watch keeps
/// current: no request to the backend, so it goes on while that is away. A member without one (a
/// Python conductor) is skipped with one warning.
class GroupDirectory final : public ConductorDirectory {
 public:
  GroupDirectory(tooz::Coordinator& coordinator, std::string group)
      : coordinator_(coordinator), group_(std::move(group)) {}

  /// Makes sure that the group exists and takes the first view; throws tooz::Error while the
  /// backend does not answer. Before it has succeeded there are no endpoints.
  void open();

  std::vector<ConductorEndpoint> endpoints() override;

 private:
  void warn_once(const std::string& member, const std::string& why);

  tooz::Coordinator& coordinator_;
  const std::string group_;
  std::atomic<bool> open_ = false;
  std::mutex mutex_;
  std::set<std::string> warned_;
};

}  // namespace inspector
