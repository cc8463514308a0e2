#pragma once
#include <boost/json.hpp>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"

namespace sim {

/// A request that Ironic would refuse: status and text of its answer.
class Refused : public std::runtime_error {
 public:
  Refused(int status_, const std::string& text) : std::runtime_error(text), status(status_) {}
  int status;
};

/// The nodes and ports of a simulated Ironic, as its API shows them. Thread-safe; answers are
/// copies.
class IronicModel {
 public:
  using Object = boost::json::object;

  /// What a list may be asked for; empty or 0: no such condition.
  struct Query {
    std::string node;     ///< ports of this node (UUID or name)
    std::string address;  ///< the port with this MAC
    std::string marker;   ///< UUID of the last one seen
    std::size_t limit = 1000;
  };

  /// `power_time`: how long a power action holds the node's lock, in which writes to it are 409.
  IronicModel(base::Env& env, base::Env::Duration power_time)
      : env_(env), power_time_(power_time) {}

  /// Adds a node as POST /v1/nodes does; missing members get Ironic's defaults. Refused 409: the
  /// UUID or the name exists.
  Object create_node(const Object& asked);
  Object node(std::string_view id_or_name) const;
  std::vector<Object> nodes(const Query& query) const;  ///< by UUID
  Object patch_node(std::string_view id_or_name, const boost::json::value& patch);
  void delete_node(std::string_view id_or_name);
  void set_boot_device(std::string_view id_or_name, const Object& device);
  Object boot_device(std::string_view id_or_name) const;
  /// Starts the power action; returns the node's UUID and whether the machine now boots by PXE.
  std::pair<std::string, bool> set_power(std::string_view id_or_name, std::string_view target);
  void set_trait(std::string_view id_or_name, const std::string& trait, bool present);

  Object create_port(const Object& asked);
  std::vector<Object> ports(const Query& query) const;
  Object patch_port(std::string_view uuid, const boost::json::value& patch);
  void delete_port(std::string_view uuid);

 private:
  struct Node {
    Object shown;
    Object device{{"boot_device", nullptr}, {"persistent", nullptr}};
    base::Env::TimePoint locked_until{};  ///< the end of the power action that is under way

    Object shown_at(base::Env::TimePoint now) const;
  };
  using Nodes = std::map<std::string, Node, std::less<>>;

  Nodes::const_iterator find(std::string_view id_or_name) const;  // mutex held
  Nodes::iterator find_unlocked(std::string_view id_or_name, base::Env::TimePoint now);
  std::string timestamp() const;
  std::string new_uuid();

  base::Env& env_;
  const base::Env::Duration power_time_;
  mutable std::mutex mutex_;
  Nodes nodes_;
  std::map<std::string, std::string, std::less<>> names_;  // name → UUID
  std::map<std::string, Object, std::less<>> ports_;
  std::map<std::string, std::string, std::less<>> by_address_;            // MAC → port UUID
  std::map<std::string, std::vector<std::string>, std::less<>> by_node_;  // node → port UUIDs
};

/// RFC 6902's add, replace, remove and test on `document`. Refused 400: a path that leads nowhere,
/// or a text that is no patch; the document is then as it was.
void apply_patch(boost::json::value& document, const boost::json::value& patch);

}  // namespace sim
