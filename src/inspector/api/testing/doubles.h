#pragma once
#include "inspector/conductor/conductor.h"
#include "inspector/data_store/data_store.h"
#include "inspector/error.h"
#include "inspector/ironic/client.h"

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace inspector::api_test {

/// Writes down what it is asked, and answers as it is told.
class RecordingConductor final : public Conductor {
 public:
  void introspect(std::string_view node, bool manage_boot, const Call& call) override;
  void abort(std::string_view node, const Call& call) override;
  void reapply(std::string_view uuid, const boost::json::object* data, const Call& call) override;
  std::string process(ParsedReport report, const Call& call) override;

  std::vector<std::string> calls;
  std::optional<base::Env::TimePoint> deadline;  ///< of the last call
  std::optional<Error> refusal;                  ///< thrown by every call
  bool breaks = false;                           ///< throws what nobody expects
  std::string uuid = "b2990409-b91e-4be9-97fa-d7e0cf9c8def";

 private:
  void record(std::string call_text, const Call& call);
};

/// Knows nodes by name, and nothing else.
class NamesOnlyIronic final : public ironic::Client {
 public:
  using Object = ironic::Object;
  using Call = ironic::Call;

  std::map<std::string, std::string, std::less<>> uuids;  ///< by name
  std::optional<ironic::Error> refusal;
  int asked = 0;

  Object get_node(std::string_view name, std::string_view fields, const Call& call) override;

  Object get_node(std::string_view, const Call&) override { unexpected(); }
  void validate_power(std::string_view, const Call&) override { unexpected(); }
  std::vector<Object> ports_of(std::string_view, const Call&) override { unexpected(); }
  std::vector<Object> ports_by_mac(std::string_view, const Call&) override { unexpected(); }
  std::vector<Object> all_nodes(std::string_view, const Call&) override { unexpected(); }
  std::vector<Object> all_ports(std::string_view, const Call&) override { unexpected(); }
  void set_boot_device_pxe(std::string_view, bool, const Call&) override { unexpected(); }
  void set_power(std::string_view, ironic::Power, const Call&) override { unexpected(); }
  Object create_node(const Object&, const Call&) override { unexpected(); }
  Object patch_node(std::string_view, const boost::json::array&, bool, const Call&) override {
    unexpected();
  }
  Object create_port(const Object&, const Call&) override { unexpected(); }
  Object patch_port(std::string_view, const boost::json::array&, const Call&) override {
    unexpected();
  }
  void delete_port(std::string_view, const Call&) override { unexpected(); }
  void add_trait(std::string_view, std::string_view, const Call&) override { unexpected(); }
  void remove_trait(std::string_view, std::string_view, const Call&) override { unexpected(); }

 private:
  [[noreturn]] static void unexpected();
};

/// Texts by node and kind.
class DataInMemory final : public DataStore {
 public:
  bool on = true;
  std::map<std::pair<std::string, bool>, std::string> texts;

  bool enabled() const noexcept override { return on; }
  void save(std::string_view uuid, bool processed, std::string_view json,
            const tooz::Token& token) override;
  std::optional<std::string> find(std::string_view uuid, bool processed) override;
  std::string get(std::string_view uuid, bool processed) override;
};

}  // namespace inspector::api_test
