#pragma once
#include "inspector/config/processing.h"
#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/hook.h"
#include "inspector/processing/testing/report.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace inspector::testing {

/// One hook, one node in Ironic (`u1`), one report of a real-looking machine with two interfaces.
class HookTest : public ::testing::Test {
 protected:
  HookTest();

  const std::string kFirst = "52:54:00:8a:10:01";   ///< of eno1, which the machine booted from
  const std::string kSecond = "52:54:00:8a:10:02";  ///< of eno2

  void node(std::string_view text);  ///< replaces the node; its uuid is set
  void port(std::string_view uuid, std::string_view mac, bool pxe);
  boost::json::object& inventory() { return report_.at("inventory").get_object(); }
  boost::json::object& interface(std::size_t i);  ///< of the inventory

  std::unique_ptr<ProcessingHook> make(std::string_view name) const;
  /// Runs both phases of a hook as the pipeline does, collecting into changes_ anew; the text of a
  /// rejection, empty if there was none.
  std::string run(std::string_view name);
  /// The same for several hooks, one after the other, on one set of changes.
  std::string run_all(const std::vector<std::string>& names);

  std::string patch() const;                         ///< of the node
  std::string changed(std::string_view path) const;  ///< the value, or `unchanged`
  std::vector<std::string> new_ports() const;        ///< `mac` or `mac pxe`
  std::string link(std::string_view mac) const;      ///< the patch, or `none`

  ProcessingOptions options_;
  FakeIronic ironic_;
  NodeChanges changes_;
  boost::json::object report_ = report();
};

}  // namespace inspector::testing
