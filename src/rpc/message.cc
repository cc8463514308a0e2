#include "rpc/message.h"

#include "rpc/rpc.h"

#include <boost/json/parse.hpp>

namespace rpc {
namespace {

/// A ramdisk's report travels inside a call; Python's own JSON gives up near 1000.
constexpr std::size_t kMaxDepth = 256;

const boost::json::value* member(const boost::json::value& of, std::string_view name) {
  const auto* object = of.if_object();
  return object ? object->if_contains(name) : nullptr;
}

int integer(const boost::json::value* value, int least, int most, int otherwise) {
  if (!value || !value->is_int64()) return otherwise;
  const std::int64_t number = value->get_int64();
  return number < least || number > most ? otherwise : static_cast<int>(number);
}

Fault fault_in(const boost::json::value& error) {
  const auto* text = member(error, "message");
  const auto* data = member(error, "data");
  return {integer(member(error, "code"), INT32_MIN, INT32_MAX, kInternalError),
          integer(data ? member(*data, "http_status") : nullptr, 400, 599, 500),
          text && text->is_string() ? std::string(text->get_string()) : "Internal server error"};
}

}  // namespace

std::optional<boost::json::value> parse(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::error_code error;
  auto value = boost::json::parse(text, error, {}, options);
  if (error) return std::nullopt;
  return value;
}

boost::json::object error_answer(boost::json::value id, int code, int http_status,
                                 std::string_view text) {
  return {{"jsonrpc", "2.0"},
          {"id", std::move(id)},
          {"error", {{"code", code}, {"message", text}, {"data", {{"http_status", http_status}}}}}};
}

boost::json::object make_call(std::int64_t id, std::string_view method,
                              const boost::json::object& params) {
  return {{"jsonrpc", "2.0"},
          {"id", id},
          {"version", kVersion},
          {"method", method},
          {"params", params}};
}

boost::json::value result_of(const boost::json::value& answer, std::int64_t id) {
  const auto* version = member(answer, "jsonrpc");
  if (!version || *version != "2.0") throw Unavailable(true, "the answer is not JSON-RPC 2.0");
  if (const auto* error = member(answer, "error"); error && !error->is_null())
    throw fault_in(*error);
  const auto* answered = member(answer, "id");
  if (!answered || *answered != id) throw Unavailable(true, "the answer is to another call");
  const auto* result = member(answer, "result");
  if (!result) throw Unavailable(true, "the answer has neither result nor error");
  return *result;
}

}  // namespace rpc
