#include "inspector/processing/pipeline.h"

#include "base/ini.h"
#include "base/log_options.h"
#include "inspector/config/processing.h"
#include "inspector/error.h"
#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"
#include "inspector/processing/testing/report.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>

namespace inspector {
namespace {

namespace json = boost::json;

/// Does in both phases what a test gives it.
class Scripted : public ProcessingHook {
 public:
  explicit Scripted(std::function<void()> act, std::span<const std::string_view> needs = {})
      : act_(std::move(act)), needs_(needs) {}
  std::span<const std::string_view> needs() const noexcept override { return needs_; }
  void before_processing(json::object&) const override { act_(); }
  void before_update(json::object&, const NodeView&, NodeChanges&) const override { act_(); }

 private:
  std::function<void()> act_;
  std::span<const std::string_view> needs_;
};

Pipeline pipeline_of(std::vector<std::function<void()>> acts) {
  std::vector<Pipeline::Named> hooks;
  for (auto& act : acts)
    hooks.push_back({"h" + std::to_string(hooks.size()), std::make_unique<Scripted>(act)});
  return Pipeline(std::move(hooks));
}

ProcessingOptions default_options() {
  base::Ini ini;
  return read_processing(ini);
}

std::string config_error(std::vector<std::string> hooks) {
  ProcessingOptions options = default_options();
  options.processing_hooks = std::move(hooks);
  try {
    const Pipeline pipeline(options);
  } catch (const base::ConfigError& e) {
    return e.what();
  }
  return {};
}

class Processing : public ::testing::Test {
 protected:
  Processing() { ironic_.add_node({{"uuid", "u1"}, {"properties", json::object()}}); }

  void update(const Pipeline& pipeline, json::object& report) {
    pipeline.before_update(report, NodeView("u1", ironic_, {}, changes_), changes_);
  }

  testing::FakeIronic ironic_;
  NodeChanges changes_;
};

TEST_F(Processing, DefaultHooksCollectWhatARealReportHolds) {
  ProcessingOptions options = default_options();
  options.add_ports = ProcessingOptions::AddPorts::kAll;
  options.boot_mode = true;
  options.pci_aliases = {R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})"};
  const Pipeline pipeline(options);
  json::object report = testing::report();
  EXPECT_TRUE(pipeline.before_processing(report).empty());
  update(pipeline, report);
  EXPECT_EQ(json::serialize(changes_.node_patch()),
            R"([{"op":"add","path":"/properties/local_gb","value":"893"},)"
            R"({"op":"add","path":"/properties/cpus","value":"56"},)"
            R"({"op":"add","path":"/properties/cpu_arch","value":"x86_64"},)"
            R"({"op":"add","path":"/properties/memory_mb","value":"262144"},)"
            R"({"op":"add","path":"/properties/capabilities","value":"boot_mode:uefi,cpu_vt:true,)"
            R"(cpu_aes:true,cpu_hugepages:true,cpu_hugepages_1g:true,cpu_txt:true,t4:1"}])");
  ASSERT_EQ(changes_.new_ports().size(), 2U);
  EXPECT_EQ(changes_.new_ports()[0].address, "52:54:00:8a:10:01");
  EXPECT_TRUE(changes_.new_ports()[0].pxe_enabled);
  EXPECT_EQ(changes_.new_ports()[1].address, "52:54:00:8a:10:02");
  EXPECT_FALSE(changes_.new_ports()[1].pxe_enabled);
  EXPECT_EQ(ironic_.requests(),
            (std::vector<std::string>{"GET /v1/nodes/u1", "GET /v1/ports/detail?node=u1"}));
}

TEST_F(Processing, AllHooksRunBeforeTheLookupAndEveryFailureIsALine) {
  int ran = 0;
  const auto pipeline = pipeline_of(
      {[&] { throw Rejected("no"); }, [&] { throw std::out_of_range("deep"); }, [&] { ++ran; }});
  json::object report;
  EXPECT_EQ(pipeline.before_processing(report),
            (std::vector<std::string>{"Preprocessing hook h0: no",
                                      "Unexpected exception std::out_of_range during "
                                      "preprocessing in hook h1: deep"}));
  EXPECT_EQ(ran, 1);
}

TEST_F(Processing, LongFailuresAreCut) {
  const auto pipeline = pipeline_of({[] { throw Rejected(std::string(1'000'000, 'x')); }});
  json::object report;
  EXPECT_LT(pipeline.before_processing(report).at(0).size(), 20'000U);
}

TEST_F(Processing, TheFirstFailureEndsTheUpdate) {
  const struct {
    std::function<void()> act;
    Errc code;
    std::string text;
  } kCases[] = {
      {[] { throw Rejected("no"); }, Errc::kBadRequest, "no"},
      {[] { throw std::out_of_range("deep"); }, Errc::kProcessing,
       "Unexpected exception std::out_of_range during processing: deep"},
      {[] { throw ironic::Error(404, "GET /v1/nodes/u1: 404"); }, Errc::kProcessing,
       "Unexpected exception NotFoundException during processing: GET /v1/nodes/u1: 404"},
  };
  for (const auto& c : kCases) {
    int ran = 0;
    const auto pipeline = pipeline_of({c.act, [&] { ++ran; }});
    json::object report;
    try {
      update(pipeline, report);
      ADD_FAILURE() << c.text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), c.code);
      EXPECT_EQ(e.what(), c.text);
    }
    EXPECT_EQ(ran, 0);
  }
}

TEST_F(Processing, ALostLockIsNoFailureOfTheReport) {
  const auto pipeline = pipeline_of({[] { throw ironic::LockLost("gone"); }});
  json::object report;
  EXPECT_THROW(update(pipeline, report), ironic::LockLost);
}

TEST(PipelineStart, UnknownHooksAreNamed) {
  const std::string accepted =
      "\n[processing]processing_hooks accepts ramdisk_error, root_disk_selection, scheduler, "
      "validate_interfaces, capabilities, pci_devices, accelerators, example, extra_hardware, "
      "lldp_basic, local_link_connection, physnet_cidr_map, raid_device";
  EXPECT_EQ(config_error({"scheduler", "nonsense", "lldp"}),
            "The following hook(s) are missing or failed to load: nonsense, lldp\n"
            "there is no hook nonsense\nthere is no hook lldp" +
                accepted);
  EXPECT_EQ(config_error({}), "");
}

TEST(PipelineStart, AHookThatCannotBeMadeSaysWhy) {
  ProcessingOptions options = default_options();
  options.add_ports = ProcessingOptions::AddPorts::kDisabled;
  options.keep_ports = ProcessingOptions::KeepPorts::kAdded;
  try {
    const Pipeline pipeline(options);
    FAIL();
  } catch (const base::ConfigError& e) {
    EXPECT_TRUE(std::string_view(e.what()).starts_with(
        "The following hook(s) are missing or failed to load: validate_interfaces\n"
        "Configuration error: add_ports set to disabled and keep_ports set to added. Please "
        "change keep_ports to all.\n"))
        << e.what();
  }
}

TEST(PipelineStart, AHookBeforeWhatItNeedsIsRefused) {
  static constexpr std::array<std::string_view, 2> kNeeds{"first", "second"};
  const auto hooks = [](std::vector<std::string> names) {
    std::vector<Pipeline::Named> out;
    for (const auto& name : names)
      out.push_back({name, std::make_unique<Scripted>(
                               [] {}, name == "picky" ? std::span<const std::string_view>(kNeeds)
                                                      : std::span<const std::string_view>())});
    return out;
  };
  EXPECT_NO_THROW(Pipeline(hooks({"first", "second", "picky"})));
  try {
    const Pipeline pipeline(hooks({"first", "picky", "second"}));
    FAIL();
  } catch (const base::ConfigError& e) {
    EXPECT_STREQ(e.what(),
                 "Some hooks failed to load due to dependency problems:\nHook picky requires the "
                 "following hooks to be enabled before it: first, second. The following hooks are "
                 "missing: second.");
  }
}

using Attributes = std::map<std::string, std::vector<std::string>>;

TEST(LookupAttributes, AreTheBmcsAddressesAndAllMacs) {
  json::object report = testing::report();
  EXPECT_EQ(lookup_attributes(report), (Attributes{{"bmc_address", {"192.0.2.17"}}, {"mac", {}}}));
  EXPECT_TRUE(Pipeline(default_options()).before_processing(report).empty());
  report.at("inventory").get_object()["bmc_v6address"] = "2001:db8::5/64";
  EXPECT_EQ(lookup_attributes(report),
            (Attributes{{"bmc_address", {"192.0.2.17", "2001:db8::5"}},
                        {"mac", {"52:54:00:8a:10:01", "52:54:00:8a:10:02"}}}));
}

TEST(LookupAttributes, NothingInAReportOfAnyKindBreaksThem) {
  const Attributes none{{"bmc_address", {}}, {"mac", {}}};
  for (const char* text :
       {"{}", R"({"inventory":5,"all_interfaces":5})",
        R"({"inventory":{"bmc_address":[],"bmc_v6address":{}},"all_interfaces":{"a":5,"b":{}}})",
        R"({"inventory":{"bmc_address":""},"all_interfaces":{"a":{"mac":5},"b":{"mac":""}}})",
        R"({"ipmi_address":7,"ipmi_v6address":"::/0","all_interfaces":[]})"})
    EXPECT_EQ(lookup_attributes(json::parse(text).get_object()), none) << text;
}

// Every field of a report, at every depth, replaced by every kind of value: whatever comes out, it
// is a failure with a text or changes, and never an exception that nobody foresaw.
void for_each_place(json::value& value, const std::function<void(json::value&)>& visit) {
  visit(value);
  if (auto* object = value.if_object())
    for (auto& [key, member] : *object)
      for_each_place(member, visit);
  else if (auto* list = value.if_array())
    for (auto& item : *list)
      for_each_place(item, visit);
}

TEST_F(Processing, NoWrongKindOfValueAnywhereIsUnforeseen) {
  ProcessingOptions options = default_options();
  options.boot_mode = true;
  options.add_ports = ProcessingOptions::AddPorts::kAll;
  options.keep_ports = ProcessingOptions::KeepPorts::kPresent;
  options.pci_aliases = {R"({"vendor_id":"10de","product_id":"1eb8","name":"t4"})"};
  const Pipeline pipeline(options);
  ironic_.add_node(json::parse(R"({"uuid":"u1","properties":{"root_device":{"size":">= 1"},
    "skip_block_devices":[{"model":"nothing"}]}})")
                       .get_object());
  const std::array kinds{json::parse("null"), json::parse("true"),  json::parse("-1"),
                         json::parse("1.5"),  json::parse("\"x\""), json::parse("[]"),
                         json::parse("[[]]"), json::parse("{}"),    json::parse(R"({"a":[1]})")};
  json::value report(testing::report());
  int places = 0;
  base::configure_log({.file = "/dev/null"});  // thousands of warnings
  for_each_place(report, [&](json::value& place) {
    if (&place == &report) return;
    ++places;
    const json::value kept = place;
    for (const auto& kind : kinds) {
      place = kind;
      json::object copy = report.get_object();
      for (const auto& failure : pipeline.before_processing(copy))
        EXPECT_TRUE(failure.starts_with("Preprocessing hook ")) << failure;
      if (copy.contains("interfaces")) {
        changes_ = {};
        try {
          update(pipeline, copy);
        } catch (const Error& e) {
          EXPECT_EQ(e.code(), Errc::kBadRequest) << e.what();
        }
      }
      lookup_attributes(copy);
    }
    place = kept;
  });
  base::configure_log({});
  EXPECT_GT(places, 200);
}

}  // namespace
}  // namespace inspector
