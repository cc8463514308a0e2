#include "tests/e2e/support/hostile_reports.h"

#include <functional>

namespace e2e {
namespace {

namespace json = boost::json;

json::value nested(int levels) {
  json::value value = 1;
  for (int i = 0; i < levels; ++i)
    value = i % 2 == 0 ? json::value(json::array{value}) : json::value(json::object{{"a", value}});
  return value;
}

std::vector<json::value> replacements() {
  return {nullptr,
          5,
          "x",
          json::array(),
          json::object(),
          true,
          -1,
          1e308,
          "",
          json::string("a\0b", 3),
          json::array{json::array(), nullptr, json::object()},
          json::object{{"", {{"\xF0\x9F\x92\xA3", json::array{1}}}}},
          std::uint64_t{1} << 63U,
          nested(30)};
}

// Calls `visit` with each value below `at` and its path; what it does to it is undone by the
// caller.
void each_value(json::value& at, const std::string& path,
                const std::function<void(json::value&, const std::string&)>& visit) {
  if (auto* object = at.if_object())
    for (auto& member : *object) {
      visit(member.value(), path + "/" + std::string(member.key()));
      each_value(member.value(), path + "/" + std::string(member.key()), visit);
    }
  if (auto* list = at.if_array())
    for (std::size_t i = 0; i < list->size(); ++i) {
      visit((*list)[i], path + "/" + std::to_string(i));
      each_value((*list)[i], path + "/" + std::to_string(i), visit);
    }
}

std::string changed(const json::object& report, const std::function<void(json::object&)>& change) {
  json::object copy = report;
  change(copy);
  return json::serialize(copy);
}

json::object& inventory(json::object& report) { return report.at("inventory").as_object(); }
json::array& interfaces(json::object& report) {
  return inventory(report).at("interfaces").as_array();
}

json::object another_interface(int i) {
  char mac[18];
  std::snprintf(mac, sizeof mac, "52:55:00:%02x:%02x:%02x", static_cast<unsigned>(i) >> 16U & 0xffU,
                static_cast<unsigned>(i) >> 8U & 0xffU, static_cast<unsigned>(i) & 0xffU);
  return {{"name", "eth" + std::to_string(i)},
          {"mac_address", mac},
          {"ipv4_address", "10.0.0.1"},
          {"lldp", {{1, "04aabbccddeeff"}, {2, "0561"}}}};
}

std::string with_interfaces(const json::object& report, int count) {
  return changed(report, [&](json::object& r) {
    for (int i = 0; i < count; ++i)
      interfaces(r).push_back(another_interface(i));
  });
}

std::string with_lldp(const json::object& report, const json::value& lldp) {
  return changed(report, [&](json::object& r) {
    for (auto& interface : interfaces(r))
      interface.as_object()["lldp"] = lldp;
  });
}

json::array many(std::size_t count, const json::value& value) { return json::array(count, value); }

std::string with_text(const json::object& report, std::string_view in_place_of,
                      std::string_view text) {
  std::string body = json::serialize(report);
  const auto at = body.find(in_place_of);
  return body.replace(at, in_place_of.size(), text);
}

}  // namespace

std::vector<HostileReport> with_wrong_types(const json::object& report, bool all) {
  const std::vector<json::value> wrong = replacements();
  std::vector<HostileReport> out;
  constexpr std::size_t kEvery = 3;
  std::size_t turn = 0, number = 0;
  json::value whole = report;
  each_value(whole, "", [&](json::value& value, const std::string& path) {
    if (!all && number++ % kEvery != 0) return;
    const json::value right = value;
    const std::size_t count = all ? wrong.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      value = wrong[turn++ % wrong.size()];
      out.push_back({path + " = " + json::serialize(value).substr(0, 40), json::serialize(whole)});
    }
    value = right;
  });
  return out;
}

std::vector<HostileReport> with_wrong_contents(const json::object& report) {
  constexpr std::size_t kMegabyte = 1 << 20;
  const auto set = [&](std::string_view key, const json::value& value) {
    return changed(report, [&](json::object& r) { r[key] = value; });
  };
  const auto in_interface = [&](std::string_view key, const json::value& value) {
    return changed(report, [&](json::object& r) { interfaces(r)[0].as_object()[key] = value; });
  };
  std::vector<HostileReport> out{
      {"4000 more interfaces", with_interfaces(report, 4000)},
      {"20000 more interfaces", with_interfaces(report, 20000)},
      {"50000 TLVs of nonsense", with_lldp(report, many(50000, {127, "0080c2"}))},
      {"50000 VLANs", with_lldp(report, many(50000, {127, "0080c203006507766c616e313031"}))},
      {"a TLV of 1 MB", with_lldp(report, {{5, json::string(kMegabyte, '6')}})},
      {"odd hexadecimal", with_lldp(report, {{1, "046"}, {2, "0545zz"}})},
      {"unknown subtypes", with_lldp(report, {{1, "ff00"}, {2, "0600"}, {8, "ffff"}})},
      {"100000 PCI devices",
       set("pci_devices", many(100000, {{"vendor_id", "10de"}, {"product_id", "1eb8"}}))},
      {"100000 rows of extra hardware", set("data", many(100000, {"a", "b", "c", "1"}))},
      {"100000 keys of extra hardware",
       changed(report,
               [](json::object& r) {
                 json::array rows;
                 for (int i = 0; i < 100000; ++i)
                   rows.push_back({"k" + std::to_string(i), "b", "c", i});
                 r["data"] = rows;
               })},
      {"an error of 8 MB", set("error", json::string(8 * kMegabyte, 'e'))},
      {"a name of 1 MB", in_interface("name", json::string(kMegabyte, 'n'))},
      {"a MAC that is none", in_interface("mac_address", "52:54:00:zz:00:01")},
      {"an IP that is none", in_interface("ipv4_address", "172.22.0.999")},
      {"an IP of 1 MB", in_interface("ipv4_address", json::string(kMegabyte, '1'))},
      {"a boot interface of 1 MB", set("boot_interface", json::string(kMegabyte, '-'))},
      {"logs that are no base64", set("logs", "\x01\x02!")},
      {"60 levels", set("more", nested(60))},
      {"a number beyond a double", with_text(report, "\"error\":null", "\"error\":1e999")},
      {"a number of 1000 digits",
       with_text(report, "\"error\":null", "\"more\":" + std::string(1000, '9'))},
      {"keys twice",
       with_text(report, "\"error\":null",
                 R"("error":"first","error":null,"inventory":{"interfaces":5},"inventory":5)")},
      {"half a surrogate", with_text(report, "\"error\":null", R"("more":"\ud800")")},
      {"a NUL in a key", with_text(report, "\"error\":null", R"("a\u0000b":{"\u0000":1})")},
  };
  return out;
}

std::vector<HostileReport> with_logs_that_lead_elsewhere(const json::object& report) {
  std::vector<HostileReport> out;
  const std::pair<const char*, json::string> kNames[] = {
      {"up", "../../logs"},
      {"absolute", "/tmp/logs"},
      {"a NUL", json::string("../x\0y", 6)},
      {"a dot", "."},
      {"too long", json::string(5000, '/')},
      {"a line", "..\n/../x"},
      {"as they should be", "172.22.0.1"},
  };
  for (const auto& [what, name] : kNames)
    for (const bool in_mac : {false, true})
      out.push_back({std::string(in_mac ? "boot interface: " : "BMC: ") + what,
                     changed(report, [&, n = name](json::object& r) {
                       r["logs"] = "Li4vbG9ncw==";
                       if (in_mac)
                         r["boot_interface"] = n;
                       else
                         inventory(r)["bmc_address"] = n;
                     })});
  return out;
}

}  // namespace e2e
