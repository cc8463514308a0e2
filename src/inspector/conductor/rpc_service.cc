#include "inspector/conductor/rpc_service.h"

#include "base/log_context.h"
#include "inspector/error.h"

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <string>

namespace inspector {
namespace {

using Params = boost::json::object;
using Value = boost::json::value;

constexpr int kInvalidParams = -32602;  ///< JSON-RPC 2.0's code
constexpr double kMostSeconds = 60;

rpc::Fault bad_argument(std::string_view name, std::string_view expected) {
  return {kInvalidParams, http_status(Errc::kBadRequest),
          "argument '" + std::string(name) + "' must be " + std::string(expected)};
}

std::string_view text_argument(const Params& params, std::string_view name) {
  const Value* value = params.if_contains(name);
  if (value == nullptr || !value->is_string()) throw bad_argument(name, "a string");
  return value->get_string();
}

bool boolean_argument(const Params& params, std::string_view name, bool fallback) {
  const Value* value = params.if_contains(name);
  if (value == nullptr) return fallback;
  if (!value->is_bool()) throw bad_argument(name, "a boolean");
  return value->get_bool();
}

/// Null: absent or null.
const Params* object_argument(const Params& params, std::string_view name) {
  const Value* value = params.if_contains(name);
  if (value == nullptr || value->is_null()) return nullptr;
  if (!value->is_object()) throw bad_argument(name, "an object");
  return &value->get_object();
}

double number_argument(const Params& params, std::string_view name, double fallback) {
  const Value* value = params.if_contains(name);
  if (value == nullptr) return fallback;
  if (!value->is_number()) throw bad_argument(name, "a number");
  return value->to_number<double>();
}

/// The time that is left, by how long the caller waits and by the hour at which he gives up: this
/// process may have been stopped after the call had come.
Conductor::Call call_of(const Params& params, base::Env& env, std::stop_token stop) {
  using Seconds = std::chrono::duration<double>;
  double left = std::clamp(number_argument(params, "timeout", kMostSeconds), 0.0, kMostSeconds);
  if (params.contains("deadline")) {
    const double now = Seconds(env.wall_time().time_since_epoch()).count();
    left = std::clamp(number_argument(params, "deadline", 0) - now, 0.0, left);
  }
  Conductor::Call call{
      .deadline = env.after(std::chrono::duration_cast<base::Env::Duration>(Seconds(left))),
      .stop = std::move(stop)};
  if (params.contains("attempt")) call.attempt = text_argument(params, "attempt");
  call.repeated = boolean_argument(params, "repeated", false);
  return call;
}

/// For whom the API asks, for this process's log. Values that are no text are passed over.
std::shared_ptr<const base::LogContext> context_of(const Params& params) {
  constexpr std::size_t kMost = 32;
  const Value* given = params.if_contains("context");
  if (given == nullptr || !given->is_object() || given->get_object().size() > kMost) return nullptr;
  auto context = std::make_shared<base::LogContext>();
  for (const auto& [name, value] : given->get_object())
    if (value.is_string()) context->set(name, value.get_string());
  return context;
}

using Operation = std::function<Value(Conductor&, const Params&, const Conductor::Call&)>;

Value introspect(Conductor& conductor, const Params& params, const Conductor::Call& call) {
  conductor.introspect(text_argument(params, "node_id"),
                       boolean_argument(params, "manage_boot", true), call);
  return nullptr;
}

Value abort(Conductor& conductor, const Params& params, const Conductor::Call& call) {
  conductor.abort(text_argument(params, "node_id"), call);
  return nullptr;
}

Value reapply(Conductor& conductor, const Params& params, const Conductor::Call& call) {
  conductor.reapply(text_argument(params, "node_uuid"), object_argument(params, "data"), call);
  return nullptr;
}

Value process(Conductor& conductor, const Params& params, const Conductor::Call& call) {
  const Params* data = object_argument(params, "data");
  if (data == nullptr) throw bad_argument("data", "an object");
  return Params{{"uuid", conductor.process(*data, call)}};
}

}  // namespace

void add_conductor_methods(rpc::Methods& methods, Conductor& conductor, base::Env& env) {
  const auto add = [&](const char* name, Operation operation) {
    methods.add(name, [&conductor, &env, operation = std::move(operation)](const Params& params,
                                                                           std::stop_token stop) {
      const base::LogContextScope scope(context_of(params));
      try {
        return operation(conductor, params, call_of(params, env, std::move(stop)));
      } catch (const Error& error) {
        throw rpc::Fault(rpc_code(error.code()), http_status(error.code()), error.what());
      }
    });
  };
  add("do_introspection", introspect);
  add("do_abort", abort);
  add("do_reapply", reapply);
  add("do_continue", process);
}

}  // namespace inspector
