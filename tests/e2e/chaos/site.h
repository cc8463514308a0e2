#pragma once
#include "tests/e2e/chaos/member.h"
#include "tests/support/postgresql_server.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace e2e {

/// Two APIs, three conductors, an etcd of three members, PostgreSQL with an audit of every write,
/// and a simulated Ironic that writes down each request. Skipped where a server is not installed.
class ChaosSite : public Deployment {
 public:
  static constexpr std::size_t kConductors = 3, kApis = 2;

  ChaosMember& conductor(std::size_t i) { return *conductors_.at(i); }
  ChaosMember& api_member(std::size_t i) { return *apis_.at(i); }
  const Api& api(std::size_t i) const { return *api_clients_.at(i); }
  support::EtcdCluster& etcd() { return *etcd_; }
  support::PostgresqlServer& postgresql() { return *postgresql_; }
  const Api& machines() const { return ironic(); }

  /// Does not wait for anything.
  void start_conductor(std::size_t i);
  void start_api(std::size_t i);

  /// Rows of a query in the inspector's database.
  std::string sql(const std::string& query) const { return postgresql_->sql(query, "test1"); }
  /// Lines of all conductors' logs that hold `text`.
  std::vector<std::string> conductor_lines(std::string_view text) const;
  std::vector<std::string> ironic_lines() const { return lines_of("ironic", ""); }
  std::filesystem::path request_log() const { return folder_.path() / "requests"; }
  std::filesystem::path hosts_of(const std::string& conductor) const {
    return folder_.path() / (conductor + ".hosts");
  }

 protected:
  struct Size {
    int nodes = 1000;
    std::string latency = "150ms", boot_time = "3s";
  };
  void SetUp() override;
  /// What is wrong stands in thousands of lines: a test that failed leaves all files in the folder
  /// that TOOZ_CHAOS_KEEP names, and shows the errors.
  void TearDown() override;
  /// Everything; returns when all members serve.
  void begin(const Size& size);
  void make_schema();  ///< or brings it up to date
  virtual Config config(const ChaosMember& member) const;
  virtual std::string conductor_program() const { return program("ironic-inspector-conductor"); }
  virtual std::string api_program() const { return program("ironic-inspector-api-wsgi"); }
  virtual std::string dbsync_program() const { return program("ironic-inspector-dbsync"); }

  seconds lease_{3};
  int timeout_ = 180;  ///< of an introspection, seconds

 private:
  std::vector<std::string> lines_of(const std::string& name, std::string_view text) const;

  std::optional<support::EtcdCluster> etcd_;
  std::optional<support::PostgresqlServer> postgresql_;
  std::vector<std::unique_ptr<ChaosMember>> conductors_, apis_;
  std::vector<std::unique_ptr<Api>> api_clients_;
};

}  // namespace e2e
