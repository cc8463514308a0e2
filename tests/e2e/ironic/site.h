#pragma once
#include "tests/e2e/ironic/operator.h"
#include "tests/support/free_port.h"
#include "tests/support/ironic_server.h"

#include <optional>

namespace e2e {

using support::IronicServer;

inline constexpr const char* kBmc = "198.18.0.1";
inline constexpr const char* kMac = "52:54:00:12:34:56";

/// A real Ironic, whose address is known before it is started. For one thread.
class IronicSite {
 public:
  IronicSite() : port_(support::free_port()), api_(IronicServer::url_at(port_)) {}

  void start(const IronicServer::Options& options) { server_.emplace(port_, options); }
  /// Who says with each request who it is.
  void sign_in(http::Headers credentials) { credentials_ = std::move(credentials); }

  std::string url() const { return IronicServer::url_at(port_); }
  IronicOperator people() const { return IronicOperator(api_, credentials_); }
  const std::filesystem::path& folder() const { return server_->folder(); }
  std::string output() const { return server_ ? server_->output() : ""; }

 private:
  std::uint16_t port_;
  Api api_;
  http::Headers credentials_;
  std::optional<IronicServer> server_;
};

/// Enrolls a node and takes it to where its ramdisk runs: it is powered on, and the inspector waits
/// for it. Returns its UUID.
std::string node_under_inspection(const IronicOperator& ironic);

/// The ramdisk's report.
Answer post(const Api& inspector, const boost::json::object& what);

/// All that report(kBmc, kMac) says stands in Ironic.
void expect_found(const IronicOperator& ironic, const std::string& uuid);

}  // namespace e2e
