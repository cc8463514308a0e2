#include "sim/ironic/service.h"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/url.hpp>

namespace sim {
namespace {

namespace json = boost::json;
using Object = IronicModel::Object;

http::Response answer(int status, const json::value& body) {
  http::Response r;
  r.status = status;
  r.headers = {{"Content-Type", "application/json"},
               {"X-OpenStack-Ironic-API-Minimum-Version", "1.1"},
               {"X-OpenStack-Ironic-API-Maximum-Version", "1.82"}};
  if (status != 204 && status != 202) r.body = json::serialize(body);
  return r;
}

// Ironic's error body: a JSON text inside a JSON text.
http::Response refusal(int status, std::string_view text) {
  const json::object fault{{"faultcode", status < 500 ? "Client" : "Server"},
                           {"faultstring", text},
                           {"debuginfo", nullptr}};
  return answer(status, {{"error_message", json::serialize(fault)}});
}

// A request to /v1/… taken apart.
struct Parsed {
  std::string method;
  std::string host;
  std::vector<std::string> path;  // after v1
  std::map<std::string, std::string> query;
  json::value body;

  std::string query_or(const std::string& name, const std::string& otherwise = "") const {
    const auto it = query.find(name);
    return it == query.end() ? otherwise : it->second;
  }
  const Object& object() const {
    if (!body.is_object()) throw Refused(400, "the body must be a JSON object");
    return body.get_object();
  }
};

Parsed parse(const http::Request& request) {
  Parsed p;
  p.method = request.method;
  p.host = http::find_header(request.headers, "Host").value_or("localhost");
  const auto url = boost::urls::parse_origin_form(request.target);
  if (!url) throw Refused(400, "bad request target");
  for (const auto segment : url->segments()) {
    if (!std::string(segment).empty()) p.path.push_back(segment);
  }
  if (!p.path.empty()) p.path.erase(p.path.begin());
  for (const auto param : url->params())
    p.query[param.key] = param.value;
  if (request.body.empty()) return p;
  json::error_code ec;
  p.body = json::parse(request.body, ec);
  if (ec) throw Refused(400, "the body is not JSON: " + ec.message());
  return p;
}

IronicModel::Query query_of(const Parsed& p) {
  IronicModel::Query q{p.query_or("node", p.query_or("node_uuid")), p.query_or("address"),
                       p.query_or("marker"), 1000};
  const std::string limit = p.query_or("limit", "1000");
  if (limit.find_first_not_of("0123456789") != std::string::npos || limit.size() > 6)
    throw Refused(400, "limit must be a number");
  const std::size_t asked = std::stoul(limit);
  q.limit = asked == 0 ? 1000 : std::min<std::size_t>(asked, 1000);  // Ironic caps pages
  return q;
}

Object only_fields(const Object& whole, const std::string& fields) {
  if (fields.empty()) return whole;
  Object out;
  std::string_view rest = fields;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const auto* v = whole.if_contains(rest.substr(0, comma));
    if (v == nullptr) throw Refused(400, "Field(s) \"" + fields + "\" are not valid.");
    out[rest.substr(0, comma)] = *v;
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return out;
}

http::Response list(const Parsed& p, const std::string& name, const std::vector<Object>& all,
                    std::size_t limit) {
  json::array shown;
  for (const auto& one : all)
    shown.push_back(only_fields(one, p.query_or("fields")));
  json::object body{{name, shown}};
  if (all.size() == limit) {
    std::string next = "http://" + p.host + "/v1/" + name + "?limit=" + std::to_string(limit) +
                       "&marker=" + std::string(all.back().at("uuid").as_string());
    for (const auto& [key, value] : p.query)
      if (key != "limit" && key != "marker") next += "&" + key + "=" + value;
    body["next"] = next;
  }
  return answer(200, body);
}

class Nodes {
 public:
  Nodes(IronicModel& model, Machines& machines) : model_(model), machines_(machines) {}

  http::Response handle(const Parsed& p) {
    if (p.path.size() == 1) {
      if (p.method == "POST") return answer(201, model_.create_node(p.object()));
      const auto q = query_of(p);
      return list(p, "nodes", model_.nodes(q), q.limit);
    }
    const std::string& id = p.path[1];
    if (p.path.size() == 2) return one(p, id);
    const std::string what = p.path[2] + (p.path.size() > 3 ? "/" + p.path[3] : "");
    if (what == "validate") {
      model_.node(id);
      return answer(200, {{"power", {{"result", true}}},
                          {"management", {{"result", true}}},
                          {"boot", {{"result", true}}}});
    }
    if (what == "management/boot_device") return boot_device(p, id);
    if (what == "states/power" && p.method == "PUT") return power(p, id);
    if (what == "states") return states(id);
    if (p.path[2] == "traits" && p.path.size() == 4) {
      model_.set_trait(id, p.path[3], p.method == "PUT");
      return answer(204, {});
    }
    throw Refused(404, "Not Found");
  }

 private:
  http::Response one(const Parsed& p, const std::string& id) {
    if (p.method == "PATCH") return answer(200, model_.patch_node(id, p.body));
    if (p.method == "DELETE") {
      model_.delete_node(id);
      return answer(204, {});
    }
    return answer(200, only_fields(model_.node(id), p.query_or("fields")));
  }

  http::Response boot_device(const Parsed& p, const std::string& id) {
    if (p.method != "PUT") return answer(200, model_.boot_device(id));
    model_.set_boot_device(id, p.object());
    return answer(204, {});
  }

  http::Response power(const Parsed& p, const std::string& id) {
    const auto* target = p.object().if_contains("target");
    if (target == nullptr || !target->is_string()) throw Refused(400, "target is missing");
    const auto [uuid, boots] = model_.set_power(id, target->get_string());
    if (boots)
      machines_.boot(uuid);
    else
      machines_.switch_off(uuid);
    return answer(202, {});
  }

  http::Response states(const std::string& id) {
    const Object node = model_.node(id);
    Object shown;
    for (const char* key : {"power_state", "target_power_state", "provision_state", "last_error"})
      shown[key] = node.at(key);
    return answer(200, shown);
  }

  IronicModel& model_;
  Machines& machines_;
};

http::Response ports(IronicModel& model, const Parsed& p) {
  if (p.path.size() == 1 && p.method == "POST") return answer(201, model.create_port(p.object()));
  if (p.path.size() == 1 || p.path[1] == "detail") {
    const auto q = query_of(p);
    return list(p, "ports", model.ports(q), q.limit);
  }
  if (p.method == "PATCH") return answer(200, model.patch_port(p.path[1], p.body));
  if (p.method == "DELETE") {
    model.delete_port(p.path[1]);
    return answer(204, {});
  }
  throw Refused(404, "Not Found");
}

/// Without a link keystoneauth takes it for no version.
json::value version() {
  return {{"id", "v1"},
          {"status", "CURRENT"},
          {"min_version", "1.1"},
          {"version", "1.82"},
          {"links", json::array{json::object{{"href", "/v1/"}, {"rel", "self"}}}}};
}

json::value root() {
  return {{"name", "OpenStack Ironic API"},
          {"description", "A simulated Ironic"},
          {"default_version", version()},
          {"versions", json::array{version()}}};
}

}  // namespace

IronicService::IronicService(base::Env& env, IronicModel& model, Machines& machines,
                             Trouble trouble, RequestLog* log)
    : env_(env), model_(model), machines_(machines), trouble_(trouble), log_(log) {}

std::optional<http::Response> IronicService::handle(const http::Request& request,
                                                    std::stop_token stop) {
  if (trouble_.latency.count() > 0) env_.sleep_for(trouble_.latency, std::move(stop));
  auto response = trouble_for(request);
  if (response && response->status == 0) response = route(request);
  if (log_ != nullptr)
    log_->write({request.method, request.target, request.body, response ? response->status : 0});
  return response;
}

// Status 0: no trouble; nullopt: drop it.
std::optional<http::Response> IronicService::trouble_for(const http::Request& request) {
  const bool writes = request.method != "GET" && request.method != "HEAD";
  const double chance = static_cast<double>(env_.random() >> 11) * 0x1.0p-53;
  http::Response none;
  none.status = 0;
  if (!request.target.starts_with("/v1/") || request.target == "/v1/") return none;
  if (chance < trouble_.drop) return std::nullopt;
  if (chance < trouble_.drop + trouble_.busy) return refusal(503, "Service unavailable");
  if (writes && chance < trouble_.drop + trouble_.busy + trouble_.conflict)
    return refusal(409,
                   "Node is locked by host ironic-sim, please retry after the current operation "
                   "is completed.");
  return none;
}

http::Response IronicService::route(const http::Request& request) {
  try {
    const Parsed p = parse(request);
    if (p.path.empty()) {
      if (!request.target.starts_with("/v1")) return answer(200, root());
      return answer(200, {{"id", "v1"}, {"version", version()}});
    }
    if (p.path[0] == "nodes") return Nodes(model_, machines_).handle(p);
    if (p.path[0] == "ports") return ports(model_, p);
    throw Refused(404, "Not Found");
  } catch (const Refused& e) {
    return refusal(e.status, e.what());
  }
}

}  // namespace sim
