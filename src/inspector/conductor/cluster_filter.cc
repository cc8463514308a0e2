#include "inspector/conductor/cluster_filter.h"

#include "base/log.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.pxe_filter";
constexpr const char* kMethod = "do_sync_filter";
constexpr base::Env::Duration kPatience = std::chrono::seconds(5);

}  // namespace

ClusterFilter::ClusterFilter(const Parts& parts, std::string member)
    : parts_(parts), member_(std::move(member)), asking_(parts.env, [this] { ask_all(); }) {}

void ClusterFilter::open() {
  const auto deadline = parts_.env.after(kPatience);
  parts_.own.sync();
  asking_.ask(deadline);
}

/// One after the other: while one is waited for until the end, the others follow by themselves.
void ClusterFilter::ask_all() {
  const auto deadline = parts_.env.after(kPatience);
  for (const ConductorEndpoint& each : parts_.others.endpoints()) {
    if (each.member == member_) continue;
    if (parts_.env.now() >= deadline) return;
    ask_one(each, deadline);
  }
}

void ClusterFilter::ask_one(const ConductorEndpoint& whom, base::Env::TimePoint deadline) {
  try {
    parts_.transport.call(whom.url, kMethod, {}, deadline, {});
  } catch (const rpc::Fault& fault) {
    if (fault.code == rpc::kUnknownMethod) return;  // an older program: it follows by itself
    base::log_warning(kComponent, std::string("another conductor's filter: ") + fault.what(),
                      {{"member", whom.member}});
  } catch (const rpc::Unavailable& error) {
    base::log_warning(kComponent,
                      std::string("another conductor's filter is not waited for: ") + error.what(),
                      {{"member", whom.member}});
  }
}

void add_filter_method(rpc::Methods& methods, PxeFilter& filter) {
  methods.add(kMethod, [&filter](const boost::json::object&, std::stop_token) {
    try {
      filter.sync();
    } catch (const std::exception& error) {
      constexpr int kBadGateway = 502;
      throw rpc::Fault(rpc::kInternalError, kBadGateway, error.what());
    }
    return boost::json::value(nullptr);
  });
}

}  // namespace inspector
