#pragma once
#include "http/client.h"
#include "tests/support/process.h"

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace inspector::testing {

/// Real programs of the build on free ports of 127.0.0.1, with their files in one temporary folder:
/// a simulated Ironic with its machines, one SQLite database, and inspectors. For one thread.
class Programs {
 public:
  /// @param backend_url of the coordination; empty: standalone
  explicit Programs(std::string backend_url = "", int nodes = 3);

  /// Writes NAME.conf with [DEFAULT]host = NAME, plus `more` lines of [DEFAULT].
  std::filesystem::path configure(const std::string& name, const std::string& more = "");

  using Running = std::unique_ptr<support::Process>;
  Running start_ironic();  ///< machines post to api_url() half a second after they were turned on
  Running start_standalone();
  Running start_conductor(const std::string& host);
  Running start_api();

  std::string api_url() const { return "http://127.0.0.1:" + std::to_string(api_port_); }
  /// Status of an answer of the API, and its body as JSON (null when it is none).
  std::pair<int, boost::json::value> ask(const std::string& method, const std::string& path);
  bool serves();                ///< the API answers
  int start_node(int i);        ///< status of POST
  std::string state_of(int i);  ///< `none` without a record
  bool all_are(const std::string& state);

  static std::string program(const std::string& name);

 private:
  std::string uuid(int i) const;

  support::TempFolder folder_;
  const std::string backend_url_;
  const int nodes_;
  std::uint16_t api_port_;
  std::uint16_t ironic_port_;
  http::Client client_;
};

}  // namespace inspector::testing
