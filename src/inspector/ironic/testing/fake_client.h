#pragma once
#include "inspector/ironic/client.h"

#include <deque>
#include <map>
#include <mutex>

namespace inspector::testing {

/// An Ironic in memory: nodes and ports that change as they are told, a journal of what was asked,
/// and refusals on order. Follows ironic::Call as the real one does. Thread-safe.
class FakeIronic : public ironic::Client {
 public:
  using Object = boost::json::object;

  /// Nodes need `uuid`; ports `uuid`, `address` and `node_uuid`.
  void add_node(Object node);
  void add_port(Object port);
  /// The next request whose line in requests() begins with `prefix` is refused with `error`.
  void refuse(std::string prefix, ironic::Error error);
  /// From now on each request takes so long.
  void answer_after(base::Env& env, base::Env::Duration time);

  Object node(std::string_view uuid) const;  ///< empty: there is none
  std::vector<Object> ports(std::string_view node_uuid) const;
  /// `PATCH /v1/nodes/{uuid} [{"op":…}]`: method, path and, as JSON, what was sent; in order.
  std::vector<std::string> requests() const;
  std::vector<std::string> changes() const;  ///< requests() without the GETs

  Object get_node(std::string_view id_or_name, const ironic::Call& call) override;
  Object get_node(std::string_view id_or_name, std::string_view fields,
                  const ironic::Call& call) override;
  void validate_power(std::string_view uuid, const ironic::Call& call) override;
  std::vector<Object> ports_of(std::string_view uuid, const ironic::Call& call) override;
  std::vector<Object> ports_by_mac(std::string_view mac, const ironic::Call& call) override;
  std::vector<Object> all_nodes(std::string_view fields, const ironic::Call& call) override;
  std::vector<Object> all_ports(std::string_view fields, const ironic::Call& call) override;
  void set_boot_device_pxe(std::string_view uuid, bool persistent,
                           const ironic::Call& call) override;
  void set_power(std::string_view uuid, ironic::Power target, const ironic::Call& call) override;
  Object create_node(const Object& node, const ironic::Call& call) override;
  Object patch_node(std::string_view uuid, const boost::json::array& patch, bool reset_interfaces,
                    const ironic::Call& call) override;
  Object create_port(const Object& port, const ironic::Call& call) override;
  Object patch_port(std::string_view port_uuid, const boost::json::array& patch,
                    const ironic::Call& call) override;
  void delete_port(std::string_view port_uuid, const ironic::Call& call) override;
  void add_trait(std::string_view uuid, std::string_view trait, const ironic::Call& call) override;
  void remove_trait(std::string_view uuid, std::string_view trait,
                    const ironic::Call& call) override;

 private:
  /// Notes the request, or refuses it; returns with mutex_ held.
  [[nodiscard]] std::unique_lock<std::mutex> ask(std::string line, const ironic::Call& call);
  Object& find_node(std::string_view id_or_name);  // mutex_ is held

  mutable std::mutex mutex_;
  base::Env* env_ = nullptr;
  base::Env::Duration time_{};
  std::map<std::string, Object, std::less<>> nodes_;
  std::map<std::string, Object, std::less<>> ports_;
  std::deque<std::pair<std::string, ironic::Error>> refusals_;
  std::vector<std::string> requests_;
};

}  // namespace inspector::testing
