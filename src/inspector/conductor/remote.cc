#include "inspector/conductor/remote.h"

#include "base/log.h"
#include "inspector/error.h"

#include <algorithm>
#include <boost/json.hpp>

namespace inspector {
namespace {

using Duration = base::Env::Duration;

constexpr std::string_view kComponent = "inspector.remote";

// How long a conductor may take. A ramdisk gives up after 30 s and asks again only after a 503, so
// its report gets the most; an abort only looks at the node and tries its lock.
constexpr Duration kIntrospect = std::chrono::seconds(15);
constexpr Duration kAbort = std::chrono::seconds(5);
constexpr Duration kReapply = std::chrono::seconds(10);
constexpr Duration kProcess = std::chrono::seconds(19);

/// The conductor ends its wait this much before we end ours, so that its own answer arrives.
constexpr Duration kTravel = std::chrono::milliseconds(500);

/// For so long one that did not answer is asked last: then it has either answered somebody or lost
/// its lease.
constexpr Duration kSuspicion = std::chrono::seconds(15);

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

Error from_fault(const rpc::Fault& fault) {
  if (fault.code <= 0) {
    base::log_error(kComponent, std::string("a conductor refused a call: ") + fault.what());
    return {Errc::kInternal, "Internal server error"};
  }
  return {from_rpc_code(fault.code), fault.what()};
}

}  // namespace

void RemoteConductor::introspect(std::string_view node, bool manage_boot, const Call& call) {
  ask("do_introspection", {{"node_id", node}, {"manage_boot", manage_boot}}, call, kIntrospect);
}

void RemoteConductor::abort(std::string_view node, const Call& call) {
  ask("do_abort", {{"node_id", node}}, call, kAbort);
}

void RemoteConductor::reapply(std::string_view uuid, const boost::json::object* data,
                              const Call& call) {
  boost::json::object params{{"node_uuid", uuid}, {"data", nullptr}};
  if (data != nullptr) params["data"] = *data;
  ask("do_reapply", std::move(params), call, kReapply);
}

std::string RemoteConductor::process(const boost::json::object& report, const Call& call) {
  const boost::json::value answer = ask("do_continue", {{"data", report}}, call, kProcess);
  const boost::json::object* object = answer.if_object();
  const boost::json::value* uuid = object != nullptr ? object->if_contains("uuid") : nullptr;
  if (uuid == nullptr || !uuid->is_string())
    throw Error(Errc::kUnavailable, "A conductor gave an answer that nobody understands");
  return std::string(uuid->get_string());
}

boost::json::value RemoteConductor::ask(std::string_view method, boost::json::object params,
                                        const Call& call, Duration most) {
  const auto deadline = std::min(call.deadline, env_.after(most));
  for (const ConductorEndpoint& each : in_order()) {
    const auto now = env_.now();
    if (now >= deadline || call.stop.stop_requested()) break;
    params["timeout"] = seconds(std::max(deadline - now - kTravel, Duration::zero()));
    try {
      return transport_.call(each.url, method, params, deadline, call.stop);
    } catch (const rpc::Fault& fault) {
      throw from_fault(fault);
    } catch (const rpc::Unavailable& error) {
      base::log_warning(kComponent, std::string("a conductor does not answer: ") + error.what(),
                        {{"member", each.member}, {"method", method}});
      suspect(each.url);
      if (error.executed)
        throw Error(Errc::kUnavailable,
                    "The conductor did not answer in time, please, retry later");
    }
  }
  throw Error(Errc::kUnavailable, "No available conductor service");
}

/// In an order drawn by chance, the suspects last.
std::vector<ConductorEndpoint> RemoteConductor::in_order() {
  std::vector<ConductorEndpoint> all = directory_.endpoints();
  for (std::size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[env_.random() % i]);
  const auto now = env_.now();
  const std::lock_guard guard(mutex_);
  std::erase_if(suspects_, [&](const auto& each) { return each.second < now; });
  std::ranges::stable_partition(
      all, [&](const ConductorEndpoint& each) { return !suspects_.contains(each.url); });
  return all;
}

void RemoteConductor::suspect(const std::string& url) {
  const auto until = env_.after(kSuspicion);
  const std::lock_guard guard(mutex_);
  suspects_[url] = until;
}

}  // namespace inspector
