#pragma once
#include <boost/json.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// What hooks and rules want changed in Ironic, collected for one node; nothing here talks to
/// Ironic. A later change of a path replaces the earlier ones of it and of all below it, so a patch
/// does no harm when it is sent twice. Not thread-safe.
class NodeChanges {
 public:
  /// Sets `/properties/…`, `/extra/…` and the like; `path` in JSON pointer form.
  void set(std::string_view path, boost::json::value value);
  /// Must be there in Ironic or among the changes: Ironic refuses the removal of what is absent.
  void remove(std::string_view path);
  void reset_interfaces() {
    reset_interfaces_ = true;
    ++version_;
  }

  struct NewPort {
    std::string address;
    boost::json::object extra;
    bool pxe_enabled = true;
  };
  void create_port(NewPort port);  ///< an address that Ironic knows already is not an error
  /// A field of the port (`/pxe_enabled`) is replaced, a key within one is added.
  void set_port(std::string_view port_uuid, std::string_view path, boost::json::value value);
  void delete_port(std::string_view port_uuid);
  /// What a port is cabled to (`/local_link_connection/…`, `/physical_network`). Sent apart from
  /// all else, because Ironic's refusal of it is only warned about. `uuid` is empty for a port that
  /// is still to be made.
  void set_link(std::string_view address, std::string_view uuid, std::string_view path,
                boost::json::value value);
  void add_trait(std::string_view trait);
  void remove_trait(std::string_view trait);

  struct Link {
    std::string address;  ///< in lower case
    std::string uuid;     ///< empty: of the new port with that address
    boost::json::array patch;
  };

  /// Into a form that does no harm when it has been sent before: what is to be removed is set
  /// first, because Ironic refuses the removal of what is absent.
  void make_repeatable();

  bool empty() const noexcept;
  std::size_t version() const noexcept { return version_; }  ///< grows with every change
  boost::json::array node_patch() const;  ///< JSON patch, in the order of first mention
  bool resets_interfaces() const noexcept { return reset_interfaces_; }
  const std::vector<NewPort>& new_ports() const noexcept { return new_ports_; }
  const std::map<std::string, boost::json::array>& port_patches() const noexcept {
    return port_patches_;
  }
  const std::vector<Link>& links() const noexcept { return links_; }
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
  std::vector<Link> links_;
  std::vector<std::string> deleted_ports_;
  std::map<std::string, bool> traits_;
  bool reset_interfaces_ = false;
  std::size_t version_ = 0;
};

}  // namespace inspector
