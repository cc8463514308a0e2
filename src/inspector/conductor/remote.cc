#include "inspector/conductor/remote.h"

#include "base/log.h"
#include "base/log_context.h"
#include "inspector/error.h"
#include "inspector/uuid.h"

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

/// For whom this thread works, for the conductor's log.
boost::json::object context_here() {
  boost::json::object values;
  if (const auto context = base::current_log_context())
    for (const auto& [name, value] : context->values())
      values[name] = value;
  return values;
}

Error from_fault(const rpc::Fault& fault) {
  if (fault.code <= 0) {
    base::log_error(kComponent, std::string("a conductor refused a call: ") + fault.what());
    return {Errc::kInternal, "Internal server error"};
  }
  return {from_rpc_code(fault.code), fault.what()};
}

}  // namespace

void RemoteConductor::introspect(std::string_view node, bool manage_boot, const Call& call) {
  const std::string attempt = call.attempt.empty() ? random_uuid(env_) : call.attempt;
  ask({.method = "do_introspection",
       .params = {{"node_id", node}, {"manage_boot", manage_boot}, {"attempt", attempt}},
       .most = kIntrospect,
       .repeatable = true},
      call);
}

void RemoteConductor::abort(std::string_view node, const Call& call) {
  ask({.method = "do_abort", .params = {{"node_id", node}}, .most = kAbort}, call);
}

void RemoteConductor::reapply(std::string_view uuid, const boost::json::object* data,
                              const Call& call) {
  boost::json::object params{{"node_uuid", uuid}, {"data", nullptr}};
  if (data != nullptr) params["data"] = *data;
  ask({.method = "do_reapply", .params = std::move(params), .most = kReapply}, call);
}

std::string RemoteConductor::process(ParsedReport report, const Call& call) {
  boost::json::object params(report.storage());  // the report's own, so that it is not copied
  params.emplace("data", std::move(static_cast<boost::json::object&>(report)));
  const boost::json::value answer = ask(
      {.method = "do_continue", .params = std::move(params), .most = kProcess, .repeatable = true},
      call);
  const boost::json::object* object = answer.if_object();
  const boost::json::value* uuid = object != nullptr ? object->if_contains("uuid") : nullptr;
  if (uuid == nullptr || !uuid->is_string())
    throw Error(Errc::kUnavailable, "A conductor gave an answer that nobody understands");
  return std::string(uuid->get_string());
}

boost::json::value RemoteConductor::ask(Ask ask, const Call& call) {
  const auto deadline = std::min(call.deadline, env_.after(ask.most));
  const std::vector<ConductorEndpoint> all = in_order();
  std::optional<Error> refusal;
  bool doubt = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto now = env_.now();
    if (now >= deadline || call.stop.stop_requested()) break;
    const bool another = ask.repeatable && i + 1 < all.size();
    try {
      return ask_one(all[i], ask, another ? now + (deadline - now) / 5 * 3 : deadline, call.stop);
    } catch (const rpc::Fault& fault) {
      refusal = from_fault(fault);
      // It may be the first call's own doing that the second finds the node locked.
      if (doubt && refusal->code() == Errc::kConflict) refusal.reset();
      if (!another || !refusal || refusal->code() != Errc::kUnavailable) break;
    } catch (const rpc::Unavailable& error) {
      doubt = doubt || error.executed;
      if (error.executed && !ask.repeatable) break;
      if (error.executed) ask.params["repeated"] = true;
    }
  }
  if (refusal) throw Error(*refusal);
  if (doubt)
    throw Error(Errc::kUnavailable, "The conductor did not answer in time, please, retry later");
  throw Error(Errc::kUnavailable, "No available conductor service");
}

/// Beside the time that is left, the call carries the hour at which it is over: a conductor that
/// was stopped and goes on reads calls that nobody waits for any more.
boost::json::value RemoteConductor::ask_one(const ConductorEndpoint& whom, Ask& ask,
                                            base::Env::TimePoint deadline,
                                            const std::stop_token& stop) {
  const Duration left = std::max(deadline - env_.now() - kTravel, Duration::zero());
  ask.params["context"] = context_here();
  ask.params["timeout"] = seconds(left);
  ask.params["deadline"] =
      seconds(std::chrono::duration_cast<Duration>(env_.wall_time().time_since_epoch()) + left);
  try {
    return transport_.call(whom.url, ask.method, ask.params, deadline, stop);
  } catch (const rpc::Unavailable& error) {
    base::log_warning(kComponent, std::string("a conductor does not answer: ") + error.what(),
                      {{"member", whom.member}, {"method", ask.method}});
    suspect(whom.url);
    throw;
  }
}

/// In an order drawn by chance, the suspects last.
std::vector<ConductorEndpoint> RemoteConductor::in_order() {
  std::vector<ConductorEndpoint> all = directory_.endpoints();
  for (std::size_t i = all.size(); i > 1; --i)
    std::swap(all[i - 1], all[env_.random() % i]);
  const auto now = env_.now();
  const std::lock_guard guard(mutex_);
  std::erase_if(suspects_, [&](const auto& each) { return each.second < now; });
  std::stable_partition(all.begin(), all.end(), [&](const ConductorEndpoint& each) {
    return !suspects_.contains(each.url);
  });
  return all;
}

void RemoteConductor::suspect(const std::string& url) {
  const auto until = env_.after(kSuspicion);
  const std::lock_guard guard(mutex_);
  suspects_[url] = until;
}

}  // namespace inspector
