#include "tests/sim/cluster/ironic_site.h"

#include <algorithm>
#include <boost/json.hpp>

#include "sim/ironic/report.h"

namespace sim {
namespace {

namespace json = boost::json;

constexpr std::size_t kPosts = 5;  ///< attempts of a ramdisk

unsigned number_of(const std::string& uuid) {
  return static_cast<unsigned>(std::stoul(uuid.substr(24), nullptr, 16));
}

/// Without what says when something happened, or is drawn by chance.
json::object lasting(json::object shown) {
  for (const char* key : {"created_at", "updated_at", "target_power_state"})
    shown.erase(key);
  return shown;
}

std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

/// The way of the ramdisks' posts: remembers how they ended, by machine.
class IronicSite::RamdiskSender final : public http::Sender {
 public:
  RamdiskSender(IronicSite& site, std::shared_ptr<http::Sender> inner)
      : site_(site), inner_(std::move(inner)) {}

  http::Response send(std::string_view base_url, const http::Request& request,
                      base::Env::TimePoint deadline, const std::stop_token& stop) override {
    const std::string uuid = machine(request.body);
    const bool of_this_attempt = site_.attempts_[uuid].booted;
    try {
      http::Response response = inner_->send(base_url, request, deadline, stop);
      constexpr int kOk = 200, kServerErrors = 500;
      if (response.status >= kServerErrors) ++site_.failed_posts_[uuid];
      if (response.status == kOk) {
        site_.failed_posts_.erase(uuid);
        if (of_this_attempt) site_.attempts_[uuid].reported = site_.env_.time();
      }
      return response;
    } catch (const http::Error&) {
      // The ramdisk repeats what could not be sent, never what was not answered in time.
      site_.failed_posts_[uuid] += site_.env_.now() < deadline ? 1 : kPosts;
      throw;
    }
  }

 private:
  static std::string machine(const std::string& report) {
    const json::value parsed = json::parse(report);
    const std::string address(parsed.at("inventory").at("bmc_address").as_string());
    return hardware(static_cast<unsigned>(std::stoul(address.substr(address.rfind('.') + 1)))).uuid;
  }

  IronicSite& site_;
  const std::shared_ptr<http::Sender> inner_;
};

IronicSite::IronicSite(SimEnv& env, Network& network, const Options& options)
    : env_(env),
      process_(env.process("ironic")),
      model_(env, options.power_time),
      ramdisks_(std::make_unique<RamdiskSender>(*this, network.sender(process_))),
      machines_(process_, *ramdisks_,
                {.inspector = kInspectorUrl, .boot_time = options.boot_time, .posters = 16},
                [](const std::string& uuid) { return report_of(hardware(number_of(uuid))); }),
      pool_(process_, {.name = "ironic", .max_threads = 32, .max_queued = 1000}) {
  enrol(options.machines);
  set_trouble({});
  listener_ = network.listen(process_, kIronicUrl,
                             {[this](const http::Request& request, const std::stop_token& stop) {
                                return answer(request, stop);
                              },
                              [this](const http::Request&) { return &pool_; }});
}

void IronicSite::boot_stranger(unsigned machine) { machines_.boot(hardware(machine).uuid); }

IronicSite::~IronicSite() = default;

void IronicSite::enrol(unsigned machines) {
  for (unsigned i = 0; i <= machines; ++i) {
    const Hardware machine = hardware(i);
    model_.create_node({{"uuid", machine.uuid},
                        {"name", machine.name},
                        {"provision_state", "manageable"},
                        {"driver_info", {{"ipmi_address", machine.bmc_address}}}});
    // Half of the machines are known by their first port, the others by their BMC alone.
    if (i % 2 == 0 || i == machines)
      model_.create_port({{"address", machine.pxe_mac}, {"node_uuid", machine.uuid}});
  }
}

void IronicSite::set_trouble(const Trouble& trouble) {
  service_ = std::make_shared<IronicService>(process_, model_, machines_, trouble, nullptr);
}

http::Response IronicSite::answer(const http::Request& request, const std::stop_token& stop) {
  judge_power(request);
  const auto service = service_;
  const auto response = service->handle(request, stop);
  if (request.method != "GET")
    changes_.push_back({env_.time(), request.peer, request.method, request.target, request.body,
                        response ? response->status : 0});
  return response.value_or(http::dropped());
}

void IronicSite::judge_power(const http::Request& request) {
  if (!request.target.ends_with("/states/power") ||
      request.body.find("reboot") == std::string::npos)
    return;
  for (auto& [uuid, attempt] : attempts_) {
    if (request.target.find(uuid) == std::string::npos) continue;
    attempt.booted = true;
    if (attempt.reported && *attempt.reported < Network::sent(request))
      violation_ = request.peer + " rebooted " + uuid + " after its report had been accepted";
  }
}

std::vector<IronicChange> IronicSite::changes(const std::string& uuid) const {
  std::vector<IronicChange> found;
  std::ranges::copy_if(changes_, std::back_inserter(found), [&](const IronicChange& each) {
    return each.target.find(uuid) != std::string::npos || each.body.find(uuid) != std::string::npos;
  });
  return found;
}

std::string IronicSite::shown(const std::string& uuid) const {
  std::vector<json::object> ports;
  for (const json::object& port : model_.ports({.node = uuid, .address = {}, .marker = {}})) {
    ports.push_back(lasting(port));
    ports.back().erase("uuid");
  }
  std::ranges::sort(ports, {}, [](const json::object& port) { return text(port, "address"); });
  std::string all = json::serialize(lasting(model_.node(uuid)));
  all += json::serialize(model_.boot_device(uuid));
  for (const json::object& port : ports)
    all += '\n' + json::serialize(port);
  return all;
}

IronicEnd IronicSite::end(unsigned machine) const {
  const std::string uuid = hardware(machine).uuid;
  IronicEnd end{shown(uuid), {}};
  for (const IronicChange& each : changes(uuid))
    if (each.is_node_patch()) end.patch = each.body;
  return end;
}

bool IronicSite::gave_up(const std::string& uuid) const {
  const auto found = failed_posts_.find(uuid);
  return found != failed_posts_.end() && found->second >= kPosts;
}

}  // namespace sim
