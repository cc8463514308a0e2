#pragma once
#include "base/env.h"

#include <boost/json.hpp>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inspector::ironic {

/// Ironic said no, or nothing. what() is what an operator reads: method, path and Ironic's own
/// words.
class Error : public std::runtime_error {
 public:
  Error(int status_, const std::string& text) : std::runtime_error(text), status(status_) {}
  int status;  ///< HTTP status of the answer; 0: no answer
};

/// The caller's lock on the node was lost before or during a request: nothing more may be sent.
class LockLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// On whose behalf requests are made. Every request, each repetition included, is sent only while
/// `remaining()` is positive, and is cancelled when `stop` or `lost` is requested.
struct Call {
  std::stop_token stop;
  std::stop_token lost;                            ///< of the node's lock
  std::function<base::Env::Duration()> remaining;  ///< empty: no lock is needed (reads)
};

using Json = boost::json::value;
using Object = boost::json::object;

enum class Power { kOff, kReboot };

/// The requests that an inspector makes to Ironic. Lists follow `next` links. 409, 503 and requests
/// that did not connect are repeated within a budget, PATCHes too; other failures are Error at
/// once. Blocks at most for that budget. Thread-safe.
class Client {
 public:
  virtual ~Client() = default;

  virtual Object get_node(std::string_view id_or_name,
                          const Call& call) = 0;  ///< Error 404: no such node
  /// Only the named fields.
  virtual Object get_node(std::string_view id_or_name, std::string_view fields,
                          const Call& call) = 0;
  /// Throws Error when `power` is listed with a false or null result.
  virtual void validate_power(std::string_view uuid, const Call& call) = 0;
  virtual std::vector<Object> ports_of(std::string_view uuid, const Call& call) = 0;
  virtual std::vector<Object> ports_by_mac(std::string_view mac,
                                           const Call& call) = 0;  ///< uuid, node_uuid
  virtual std::vector<Object> all_nodes(std::string_view fields, const Call& call) = 0;
  virtual std::vector<Object> all_ports(std::string_view fields, const Call& call) = 0;

  virtual void set_boot_device_pxe(std::string_view uuid, bool persistent, const Call& call) = 0;
  virtual void set_power(std::string_view uuid, Power target, const Call& call) = 0;
  /// With the UUID that `node` names, so asking again does no harm. Error 409: it exists.
  virtual Object create_node(const Object& node, const Call& call) = 0;
  virtual Object patch_node(std::string_view uuid, const boost::json::array& patch,
                            bool reset_interfaces, const Call& call) = 0;
  virtual Object create_port(const Object& port,
                             const Call& call) = 0;  ///< Error 409: the address exists
  virtual Object patch_port(std::string_view port_uuid, const boost::json::array& patch,
                            const Call& call) = 0;
  virtual void delete_port(std::string_view port_uuid, const Call& call) = 0;
  virtual void add_trait(std::string_view uuid, std::string_view trait, const Call& call) = 0;
  virtual void remove_trait(std::string_view uuid, std::string_view trait, const Call& call) = 0;
};

}  // namespace inspector::ironic
