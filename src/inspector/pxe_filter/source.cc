#include "inspector/pxe_filter/source.h"

#include "base/log.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <fstream>
#include <map>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.pxe_filter";

/// Lower case; empty: not an Ethernet address. It becomes a file's name and a command's argument.
std::string ethernet(std::string_view text) {
  constexpr std::size_t kLength = 17;
  if (text.size() != kLength) return {};
  std::string mac(text);
  for (std::size_t i = 0; i < kLength; ++i) {
    const auto c = static_cast<unsigned char>(mac[i]);
    if (i % 3 == 2 ? c != ':' : std::isxdigit(c) == 0) return {};
    mac[i] = static_cast<char>(std::tolower(c));
  }
  return mac;
}

/// The Ethernet addresses that the kernel gives to InfiniBand's neighbours, by the end of their
/// GUID.
std::map<std::string, std::string> ethernet_over_infiniband(const std::filesystem::path& sys,
                                                            const std::string& interface) {
  std::map<std::string, std::string> addresses;
  const auto path = sys / "class" / "net" / interface / "eth" / "neighs";
  std::ifstream in(path);
  if (!in)
    base::log_error(kComponent, "[iptables]ethoib_interfaces: the neighbours cannot be read",
                    {{"file", path.string()}});
  constexpr std::string_view kEthernet = "EMAC=";
  constexpr std::string_view kInfiniband = "IMAC=";
  constexpr std::size_t kGuid = 23;
  for (std::string line; std::getline(in, line);) {
    const std::size_t emac = line.find(kEthernet);
    const std::size_t imac = line.find(kInfiniband);
    if (emac == std::string::npos || imac == std::string::npos) continue;
    const std::string infiniband =
        line.substr(imac + kInfiniband.size(), line.find(' ', imac) - imac - kInfiniband.size());
    const std::string mac = ethernet(line.substr(emac + kEthernet.size(), 17));
    if (!mac.empty() && infiniband.size() >= kGuid)
      addresses[infiniband.substr(infiniband.size() - kGuid)] = mac;
  }
  return addresses;
}

std::string client_id(const ironic::Object& port) {
  const boost::json::value* extra = port.if_contains("extra");
  if (extra == nullptr || !extra->is_object()) return {};
  const boost::json::value* id = extra->get_object().if_contains("client-id");
  return id != nullptr && id->is_string() ? std::string(id->get_string()) : std::string();
}

}  // namespace

BootSet BootSetSource::read_active() const {
  BootSet set;
  for (const std::string& mac : store_.active_macs())
    if (std::string address = ethernet(mac); !address.empty())
      set.active.insert(std::move(address));
  set.boots_expected = options_.discovers || store_.any_unfinished();
  return set;
}

BootSet BootSetSource::read(const std::stop_token& stop) const {
  std::map<std::string, std::string> by_guid;
  for (const std::string& interface : options_.ethoib_interfaces)
    by_guid.merge(ethernet_over_infiniband(options_.sys, interface));
  // The ports come first: a node that starts meanwhile is among the active ones then.
  std::set<std::string> known;
  for (const ironic::Object& port :
       ironic_.all_ports("address,extra", {.stop = stop, .lost = {}, .remaining = {}})) {
    const boost::json::value* address = port.if_contains("address");
    if (address == nullptr || !address->is_string()) continue;
    std::string mac = ethernet(address->get_string());
    const std::string id = client_id(port);
    if (const auto found =
            id.size() >= 23 ? by_guid.find(id.substr(id.size() - 23)) : by_guid.end();
        found != by_guid.end())
      mac = found->second;
    if (!mac.empty()) known.insert(std::move(mac));
  }
  BootSet set = read_active();
  set.known = std::move(known);
  return set;
}

}  // namespace inspector
