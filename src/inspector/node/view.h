#pragma once
#include "inspector/ironic/client.h"
#include "inspector/node/changes.h"

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace inspector {

/// The node as it will be after the changes collected so far, and its ports. Fetched from Ironic at
/// first use, one request each; what they throw (ironic::Error, ironic::LockLost) comes out of the
/// getter. Not thread-safe: one report, one view.
class NodeView {
 public:
  /// `node` may be given when it has been fetched already. `client` and `changes` must outlive
  /// this.
  NodeView(std::string uuid, ironic::Client& client, ironic::Call call, const NodeChanges& changes,
           std::optional<boost::json::object> node = std::nullopt);

  const std::string& uuid() const noexcept { return uuid_; }
  /// As Ironic has it, plus the changes; valid until the next call after a change.
  const boost::json::object& node() const;
  /// Of `properties`; nullptr when it is absent or null. Valid as node() is.
  const boost::json::value* property(std::string_view name) const;
  /// As Ironic has them, plus the changes; those that are still to be made have no `uuid`. Valid
  /// until the next call after a change.
  const std::vector<boost::json::object>& ports() const;
  bool active_or_rescue() const;  ///< its provision state says that it is in use

 private:
  void patch_ports() const;

  std::string uuid_;
  ironic::Client& client_;
  ironic::Call call_;
  const NodeChanges& changes_;
  mutable std::optional<boost::json::object> fetched_;
  mutable std::optional<boost::json::object> patched_;
  mutable std::size_t patched_at_ = 0;
  mutable std::optional<std::vector<boost::json::object>> ports_;
  mutable std::optional<std::vector<boost::json::object>> patched_ports_;
  mutable std::size_t ports_patched_at_ = 0;
};

}  // namespace inspector
