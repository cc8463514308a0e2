#include "inspector/ironic/http_client.h"

#include "inspector/ironic/answers.h"
#include "inspector/ironic/session.h"

#include <algorithm>

namespace inspector::ironic {
namespace {

namespace json = boost::json;

constexpr int kOk = 200, kNotFound = 404;
constexpr int kMostPages = 10000;

[[noreturn]] void malformed(const Ask& ask, std::string_view wanted) {
  throw Error(kOk, ask.method + " " + ask.path.substr(0, ask.path.find('?')) +
                       ": malformed answer: expected " + std::string(wanted));
}

Object object_of(json::value&& value, const Ask& ask) {
  if (!value.is_object()) malformed(ask, "an object");
  return std::move(value.get_object());
}

// A path ends elsewhere with an empty segment or with dots in it, so there is no such object.
std::string path_to(std::string_view kind, std::string_view id) {
  if (id.empty() || id == "." || id == "..")
    throw Error(kNotFound, "there is no `" + std::string(id) + "` in /v1/" + std::string(kind));
  return "/v1/" + std::string(kind) + "/" + encoded(id);
}

bool has_removal(const json::array& patch) {
  return std::ranges::any_of(patch, [](const json::value& operation) {
    const auto* object = operation.if_object();
    const auto* op = object != nullptr ? object->if_contains("op") : nullptr;
    return op != nullptr && *op == "remove";
  });
}

class HttpClient : public Client {
 public:
  HttpClient(base::Env& env, const IronicOptions& options, std::shared_ptr<http::Sender> sender)
      : session_(env, options, std::move(sender)) {}

  Object get_node(std::string_view id_or_name, const Call& call) override {
    const Ask ask{.method = "GET", .path = path_to("nodes", id_or_name)};
    Object node = object_of(session_.exchange(ask, call), ask);
    const auto* uuid = node.if_contains("uuid");
    if (uuid == nullptr || !uuid->is_string()) malformed(ask, "a node with a `uuid`");
    return node;
  }

  Object get_node(std::string_view id_or_name, std::string_view fields, const Call& call) override {
    const Ask ask{.method = "GET",
                  .path = path_to("nodes", id_or_name) + "?fields=" + std::string(fields)};
    return object_of(session_.exchange(ask, call), ask);
  }

  void validate_power(std::string_view uuid, const Call& call) override {
    const Ask ask{.method = "GET", .path = path_to("nodes", uuid) + "/validate"};
    const Object interfaces = object_of(session_.exchange(ask, call), ask);
    const auto* power = interfaces.if_contains("power");
    if (power == nullptr || power->is_null()) return;
    const auto* verdict = power->is_object() ? &power->get_object() : nullptr;
    if (verdict == nullptr) malformed(ask, "an object as `power`");
    const auto* result = verdict->if_contains("result");
    if (result != nullptr && result->is_bool() && result->get_bool()) return;
    const auto* reason = verdict->if_contains("reason");
    throw Error(kOk,
                "Validation failed for required interfaces of node " + std::string(uuid) +
                    ": power (" +
                    (reason != nullptr && reason->is_string() ? std::string(reason->get_string())
                                                              : std::string("None")) +
                    ")");
  }

  std::vector<Object> ports_of(std::string_view uuid, const Call& call) override {
    return list("ports", "/v1/ports/detail?node=" + encoded(uuid), call);
  }
  std::vector<Object> ports_by_mac(std::string_view mac, const Call& call) override {
    return list("ports", "/v1/ports?address=" + encoded(mac) + "&fields=uuid,node_uuid", call);
  }
  std::vector<Object> all_nodes(std::string_view fields, const Call& call) override {
    return list("nodes", "/v1/nodes?fields=" + std::string(fields), call);
  }
  std::vector<Object> all_ports(std::string_view fields, const Call& call) override {
    return list("ports", "/v1/ports?fields=" + std::string(fields), call);
  }

  void set_boot_device_pxe(std::string_view uuid, bool persistent, const Call& call) override {
    session_.exchange({.method = "PUT",
                       .path = path_to("nodes", uuid) + "/management/boot_device",
                       .body = Object{{"boot_device", "pxe"}, {"persistent", persistent}}},
                      call);
  }

  void set_power(std::string_view uuid, Power target, const Call& call) override {
    // A reboot too may be asked for twice: the machine is about to boot the ramdisk, and begins
    // again; without an answer nobody knows that it boots at all.
    const bool off = target == Power::kOff;
    session_.exchange({.method = "PUT",
                       .path = path_to("nodes", uuid) + "/states/power",
                       .body = Object{{"target", off ? "power off" : "rebooting"}}},
                      call);
  }

  Object create_node(const Object& node, const Call& call) override {
    const Ask ask{.method = "POST", .path = "/v1/nodes", .body = node};
    return object_of(session_.exchange(ask, call), ask);
  }

  Object patch_node(std::string_view uuid, const json::array& patch, bool reset_interfaces,
                    const Call& call) override {
    return patched(path_to("nodes", uuid) + (reset_interfaces ? "?reset_interfaces=True" : ""),
                   patch, call);
  }

  Object create_port(const Object& port, const Call& call) override {
    const Ask ask{.method = "POST", .path = "/v1/ports", .body = port};
    return object_of(session_.exchange(ask, call), ask);
  }

  Object patch_port(std::string_view port_uuid, const json::array& patch,
                    const Call& call) override {
    return patched(path_to("ports", port_uuid), patch, call);
  }

  void delete_port(std::string_view port_uuid, const Call& call) override {
    remove(path_to("ports", port_uuid), call);
  }

  void add_trait(std::string_view uuid, std::string_view trait, const Call& call) override {
    const std::string path = path_to("nodes", uuid) + "/traits/" + encoded(trait);
    session_.exchange({.method = "PUT", .path = path}, call);
  }

  void remove_trait(std::string_view uuid, std::string_view trait, const Call& call) override {
    remove(path_to("nodes", uuid) + "/traits/" + encoded(trait), call);
  }

 private:
  // Values are set as a whole, so a repetition changes nothing; removing twice is refused.
  Object patched(std::string path, const json::array& patch, const Call& call) {
    const Ask ask{.method = "PATCH",
                  .path = std::move(path),
                  .body = patch,
                  .twice_is_harmless = !has_removal(patch)};
    return object_of(session_.exchange(ask, call), ask);
  }

  // What is not there need not be removed.
  void remove(std::string path, const Call& call) {
    try {
      session_.exchange({.method = "DELETE", .path = std::move(path)}, call);
    } catch (const Error& e) {
      if (e.status != kNotFound) throw;
    }
  }

  std::vector<Object> list(std::string_view key, std::string path, const Call& call) {
    std::vector<Object> out;
    for (int page = 0; page < kMostPages; ++page) {
      const Ask ask{.method = "GET", .path = path};
      Object answer = object_of(session_.exchange(ask, call), ask);
      auto* items = answer.if_contains(key);
      if (items == nullptr || !items->is_array())
        malformed(ask, "a list `" + std::string(key) + "`");
      for (auto& item : items->get_array()) {
        if (!item.is_object()) malformed(ask, "objects in `" + std::string(key) + "`");
        out.push_back(std::move(item.get_object()));
      }
      const auto* next = answer.if_contains("next");
      if (next == nullptr || next->is_null()) return out;
      const auto link = next->is_string() ? path_of_link(next->get_string()) : std::nullopt;
      if (!link || *link == path) malformed(ask, "the link of another page as `next`");
      path = *link;
    }
    throw Error(kOk, "GET /v1/" + std::string(key) + ": more than " + std::to_string(kMostPages) +
                         " pages");
  }

  Session session_;
};

}  // namespace

std::unique_ptr<Client> http_client(base::Env& env, const IronicOptions& options,
                                    std::shared_ptr<http::Sender> sender) {
  if (!sender) sender = std::make_shared<http::Client>(env, options.client);
  return std::make_unique<HttpClient>(env, options, std::move(sender));
}

}  // namespace inspector::ironic
