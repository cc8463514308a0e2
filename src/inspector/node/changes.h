#pragma once
#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// What hooks and rules want changed in Ironic, collected for one node; nothing here talks to
/// Ironic. A later change of the same path replaces the earlier one.
class NodeChanges {
 public:
  /// Sets `/properties/…`, `/extra/…` and the like; `path` in JSON pointer form.
  void set(std::string_view path, boost::json::value value);
  void remove(std::string_view path);
  void reset_interfaces() { reset_interfaces_ = true; }

  struct NewPort {
    std::string address;
    boost::json::object extra;
    bool pxe_enabled = true;
  };
  void create_port(NewPort port);  ///< an address that Ironic knows already is not an error
  void set_port(std::string_view port_uuid, std::string_view path, boost::json::value value);
  void delete_port(std::string_view port_uuid);
  void add_trait(std::string_view trait);
  void remove_trait(std::string_view trait);

  bool empty() const noexcept;
  boost::json::array node_patch() const;  ///< JSON patch, in the order of first mention
  bool resets_interfaces() const noexcept { return reset_interfaces_; }
  const std::vector<NewPort>& new_ports() const noexcept { return new_ports_; }
  const std::map<std::string, boost::json::array>& port_patches() const noexcept {
    return port_patches_;
  }
  const std::vector<std::string>& deleted_ports() const noexcept { return deleted_ports_; }
  /// name → true: add, false: remove.
  const std::map<std::string, bool>& traits() const noexcept { return traits_; }

 private:
  struct Operation {
    std::string path;
    bool removes = false;
    boost::json::value value;
  };
  std::vector<Operation> node_;
  std::vector<NewPort> new_ports_;
  std::map<std::string, boost::json::array> port_patches_;
  std::vector<std::string> deleted_ports_;
  std::map<std::string, bool> traits_;
  bool reset_interfaces_ = false;
};

}  // namespace inspector
