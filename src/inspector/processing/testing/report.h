#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace inspector::testing {

/// What makes one machine's report differ from another's.
struct Machine {
  std::string boot_mac = "52:54:00:8a:10:01";
  std::string other_mac = "52:54:00:8a:10:02";
  std::string bmc = "192.0.2.17";
};

/// What a ramdisk posts for a two-socket server with two network interfaces, of which the first
/// booted it, an NVMe disk (the root disk) and a rotating one.
std::string_view report_text() noexcept;
boost::json::object report(const Machine& machine = {});

}  // namespace inspector::testing
