#include "inspector/api/call.h"
#include "inspector/api/handlers.h"
#include "inspector/api/json_body.h"
#include "inspector/api/json_response.h"
#include "inspector/api/node_id.h"
#include "inspector/error.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

http::Response show_data(const ApiCall& call, bool processed) {
  const std::string uuid = node_uuid(call, call.arguments.front());
  if (!call.parts.data.enabled())
    throw Error(Errc::kNotFound,
                "Inspector is not configured to store data. Set the [processing]store_data "
                "configuration option to change this.");
  http::Response response;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = call.parts.data.get(uuid, processed);  // as stored, not written anew
  return response;
}

}  // namespace

http::Response show_processed(const ApiCall& call) { return show_data(call, true); }

http::Response show_unprocessed(const ApiCall& call) { return show_data(call, false); }

http::Response reapply(const ApiCall& call) {
  boost::json::object data;
  if (!call.request.body.empty()) data = parse_object(call.request.body, "None");
  const std::string uuid = node_uuid(call, call.arguments.front());
  // An empty object counts as none: the stored data is processed.
  call.parts.conductor.reapply(uuid, data.empty() ? nullptr : &data, call.to_conductor());
  return json_response(202, boost::json::object());
}

}  // namespace inspector
