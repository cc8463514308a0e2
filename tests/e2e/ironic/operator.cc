#include "tests/e2e/ironic/operator.h"

#include <stdexcept>

namespace e2e {
namespace {

namespace json = boost::json;

constexpr seconds kPatience{120};
const std::string kNodes = "/v1/nodes/";

}  // namespace

Answer IronicOperator::ask(const std::string& method, const std::string& target,
                           const json::value& body) const {
  http::Headers headers = credentials_;
  headers.emplace_back("X-OpenStack-Ironic-API-Version", "1.81");
  if (!body.is_null()) headers.emplace_back("Content-Type", "application/json");
  return ironic_.ask(method, target, body.is_null() ? "" : json::serialize(body), headers);
}

json::value IronicOperator::must(const std::string& method, const std::string& target,
                                 const json::value& body) const {
  Answer answer;
  // A node that a task of Ironic's holds is refused for a moment.
  eventually(
      [&] {
        answer = ask(method, target, body);
        return answer.status != 409;
      },
      kPatience);
  if (answer.status / 100 != 2)
    throw std::runtime_error(method + " " + target + ": " + std::to_string(answer.status) + " " +
                             answer.body);
  return answer.json();
}

std::string IronicOperator::enroll(const json::object& driver_info,
                                   const json::object& more) const {
  json::object body{{"driver", "fake-hardware"}, {"inspect_interface", "inspector"}};
  body["driver_info"] = driver_info;
  for (const auto& member : more)
    body[member.key()] = member.value();
  return std::string(must("POST", "/v1/nodes", body).at("uuid").as_string());
}

void IronicOperator::provision(const std::string& uuid, const std::string& verb) const {
  must("PUT", kNodes + uuid + "/states/provision", json::object{{"target", verb}});
}

void IronicOperator::manage(const std::string& uuid) const {
  provision(uuid, "manage");
  if (!becomes(uuid, "manageable")) throw std::runtime_error(uuid + " is not manageable");
}

void IronicOperator::inspect(const std::string& uuid) const {
  provision(uuid, "inspect");
  std::string state;
  eventually(
      [&] {
        state = text(uuid, "provision_state");
        return state == "inspect wait" || state == "inspect failed";
      },
      kPatience);
  if (state != "inspect wait")
    throw std::runtime_error(uuid + " is in " + state + ": " + text(uuid, "last_error"));
}

json::object IronicOperator::node(const std::string& uuid) const {
  return must("GET", kNodes + uuid).as_object();
}

std::string IronicOperator::text(const std::string& uuid, std::string_view member) const {
  const json::value value = node(uuid).at(member);
  return value.is_string() ? std::string(value.get_string()) : "";
}

std::string IronicOperator::property(const std::string& uuid, std::string_view name) const {
  const json::object properties = node(uuid).at("properties").as_object();
  const json::value* value = properties.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

json::array IronicOperator::ports(const std::string& uuid) const {
  return must("GET", "/v1/ports/detail?node=" + uuid).at("ports").as_array();
}

bool IronicOperator::becomes(const std::string& uuid, const std::string& state) const {
  return eventually([&] { return text(uuid, "provision_state") == state; }, kPatience);
}

bool IronicOperator::powered(const std::string& uuid, const std::string& state) const {
  return eventually([&] { return text(uuid, "power_state") == state; }, kPatience);
}

json::object report(const std::string& bmc, const std::string& mac) {
  const json::object disk{{"name", "/dev/sda"}, {"size", 500107862016}, {"rotational", false}};
  const json::object card{{"name", "eno1"},
                          {"mac_address", mac},
                          {"ipv4_address", "192.0.2.10"},
                          {"has_carrier", true},
                          {"lldp", json::array()}};
  json::object inventory{{"interfaces", json::array{card}}, {"disks", json::array{disk}}};
  inventory["cpu"] =
      json::object{{"count", 32}, {"architecture", "x86_64"}, {"flags", json::array{"vmx", "aes"}}};
  inventory["memory"] = json::object{{"total", 206158430208}, {"physical_mb", 196608}};
  inventory["bmc_address"] = bmc;
  inventory["boot"] = json::object{{"current_boot_mode", "uefi"}, {"pxe_interface", mac}};
  return {{"inventory", inventory}, {"root_disk", disk}, {"boot_interface", mac}};
}

}  // namespace e2e
