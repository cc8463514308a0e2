#pragma once
#include "tests/e2e/support/api.h"
#include "tests/e2e/support/deployment.h"

#include <boost/json.hpp>
#include <string>

namespace e2e {

/// What the operator of a real Ironic does with its nodes. What Ironic refuses is a
/// std::runtime_error with its words.
class IronicOperator {
 public:
  /// @param credentials headers that go with every request
  explicit IronicOperator(const Api& ironic, http::Headers credentials = {})
      : ironic_(ironic), credentials_(std::move(credentials)) {}

  Answer ask(const std::string& method, const std::string& target,
             const boost::json::value& body = nullptr) const;

  /// A node of the driver fake-hardware, not yet managed. Returns its UUID.
  /// @param more members of the request
  std::string enroll(const boost::json::object& driver_info,
                     const boost::json::object& more = {}) const;
  void manage(const std::string& uuid) const;   ///< returns when it is manageable
  void inspect(const std::string& uuid) const;  ///< returns when it waits for the inspector
  void provision(const std::string& uuid, const std::string& verb) const;

  boost::json::object node(const std::string& uuid) const;
  std::string text(const std::string& uuid, std::string_view member) const;  ///< empty: null
  std::string property(const std::string& uuid, std::string_view name) const;
  boost::json::array ports(const std::string& uuid) const;
  /// Within two minutes.
  bool becomes(const std::string& uuid, const std::string& provision_state) const;
  bool powered(const std::string& uuid, const std::string& state) const;

 private:
  boost::json::value must(const std::string& method, const std::string& target,
                          const boost::json::value& body = nullptr) const;

  const Api& ironic_;
  const http::Headers credentials_;
};

/// What a ramdisk sends from a machine with this BMC and this network card.
boost::json::object report(const std::string& bmc, const std::string& mac);

}  // namespace e2e
