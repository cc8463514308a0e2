#include "base/log.h"
#include "http/message.h"
#include "rpc/message.h"
#include "rpc/rpc.h"

#include <boost/json/serialize.hpp>

namespace rpc {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "rpc.server";

/// The parts of a call; they live in its message.
struct Call {
  std::string_view method;
  const json::object& params;
};

json::value id_of(const json::value& message) {
  const auto* object = message.if_object();
  const auto* id = object ? object->if_contains("id") : nullptr;
  return id && (id->is_string() || id->is_number()) ? *id : json::value(nullptr);
}

/// Throws Fault when it is none.
Call parse_call(const json::value& message) {
  const auto refuse = [](int code, const std::string& text) { throw Fault(code, 400, text); };
  if (message.is_array()) refuse(kInvalidRequest, "Batches are not supported");
  if (!message.is_object()) refuse(kInvalidRequest, "A call is a JSON object");
  const json::object& object = message.get_object();
  const auto* version = object.if_contains("jsonrpc");
  if (!version || *version != "2.0") refuse(kInvalidRequest, "jsonrpc is not '2.0'");
  if (id_of(message).is_null()) refuse(kInvalidRequest, "id is neither a string nor a number");
  const auto* method = object.if_contains("method");
  if (!method || !method->is_string()) refuse(kInvalidRequest, "method is not a string");
  const auto* params = object.if_contains("params");
  if (params && !params->is_object() && !params->is_null())
    refuse(kInvalidParams, "params is not an object");
  static const json::object kNone;
  return {method->get_string(), params && params->is_object() ? params->get_object() : kNone};
}

bool has_code(const json::value& answer, int code) {
  const auto* error = answer.get_object().if_contains("error");
  return error && error->at("code") == code;
}

http::Response as_http(int status, const json::value& body) {
  return {.status = status,
          .headers = {{"Content-Type", "application/json"}},
          .body = json::serialize(body)};
}

}  // namespace

void Methods::add(std::string name, Method method) {
  methods_.insert_or_assign(std::move(name), std::move(method));
}

json::value Methods::answer(const json::value& message, std::stop_token stop) const {
  const json::value id = id_of(message);
  std::string method = "?";
  try {
    const Call call = parse_call(message);
    method = call.method;
    const auto found = methods_.find(call.method);
    if (found == methods_.end())
      throw Fault(kUnknownMethod, 500, "Method " + method + " is not known");
    return json::object{
        {"jsonrpc", "2.0"}, {"id", id}, {"result", found->second(call.params, std::move(stop))}};
  } catch (const Fault& fault) {
    return error_answer(id, fault.code, fault.http_status, fault.what());
  } catch (const std::exception& e) {
    base::log_error(kComponent, "method threw", {{"method", method}, base::exception_field(e)});
  } catch (...) {
    base::log_error(kComponent, "method threw", {{"method", method}});
  }
  return error_answer(id, kInternalError, 500, "Internal server error");
}

http::Response Methods::answer(const http::Request& request, std::stop_token stop) const {
  if (request.method != "POST") {
    http::Response refused =
        as_http(405, error_answer(nullptr, kInvalidRequest, 405, "A call is a POST"));
    refused.headers.emplace_back("Allow", "POST");
    return refused;
  }
  const auto message = parse(request.body);
  if (!message)
    return as_http(400, error_answer(nullptr, kParseError, 400, "The body is not JSON"));
  const json::value said = answer(*message, std::move(stop));
  return as_http(has_code(said, kInvalidRequest) ? 400 : 200, said);
}

}  // namespace rpc
