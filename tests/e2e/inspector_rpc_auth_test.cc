#include "tests/e2e/support/cluster_deployment.h"
#include "tests/support/certificates.h"

#include <fstream>

namespace e2e {
namespace {

/// An API and a conductor that do not trust everybody on the wire between them.
class RpcAuthentication : public ClusterDeployment {
 protected:
  Config config(const std::string& host) const override {
    Config config = ClusterDeployment::config(host);
    for (const auto& [option, value] : rpc_)
      config.set("json_rpc", option, value);
    return config;
  }

  /// What the API answers when it asks the conductor about a node that nobody knows.
  int asked() {
    const Member one = conductor("one");
    const Member front = api_process();
    int status = 0;
    // Until the API has found the conductor it is 503 in any case.
    eventually([&] { return (status = api().abort(99999).status) == 404; }, patience_);
    return status;
  }

  std::map<std::string, std::string> rpc_;
  seconds patience_ = kSoon;
};

constexpr seconds kLongEnoughToFindIt{5};

TEST_F(RpcAuthentication, APasswordIsAskedFor) {
  std::ofstream(folder_.path() / "users")
      << "admin:$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n";
  rpc_ = {{"auth_strategy", "http_basic"},
          {"http_basic_auth_user_file", folder_.path() / "users"},
          {"username", "admin"},
          {"password", "secret"}};
  EXPECT_EQ(asked(), 404);
}

TEST_F(RpcAuthentication, AWrongPasswordGetsNoCall) {
  std::ofstream(folder_.path() / "users")
      << "admin:$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n";
  rpc_ = {{"auth_strategy", "http_basic"},
          {"http_basic_auth_user_file", folder_.path() / "users"},
          {"username", "admin"},
          {"password", "wrong"}};
  patience_ = kLongEnoughToFindIt;
  EXPECT_EQ(asked(), 503);
  EXPECT_NE(log("api-1").find("401"), std::string::npos);
}

TEST_F(RpcAuthentication, CertificatesAreAskedForOnBothSides) {
  const support::Certificates certificates = support::make_certificates(folder_.path());
  rpc_ = {{"use_ssl", "True"},
          {"cert_file", certificates.server},
          {"key_file", certificates.server_key},
          {"ca_file", certificates.ca},
          {"cafile", certificates.ca},
          {"certfile", certificates.client},
          {"keyfile", certificates.client_key}};
  EXPECT_EQ(asked(), 404);
}

TEST_F(RpcAuthentication, WithoutACertificateThereIsNoConnection) {
  const support::Certificates certificates = support::make_certificates(folder_.path());
  rpc_ = {{"use_ssl", "True"},
          {"cert_file", certificates.server},
          {"key_file", certificates.server_key},
          {"ca_file", certificates.ca},
          {"cafile", certificates.ca}};
  patience_ = kLongEnoughToFindIt;
  EXPECT_EQ(asked(), 503);
}

}  // namespace
}  // namespace e2e
