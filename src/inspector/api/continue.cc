#include "inspector/api/call.h"
#include "inspector/api/handlers.h"
#include "inspector/api/json_body.h"
#include "inspector/api/json_response.h"

#include <boost/json.hpp>

namespace inspector {

http::Response receive_report(const ApiCall& call) {
  ParsedReport report = parse_report(call.request.body);
  const std::string uuid = call.parts.conductor.process(std::move(report), call.to_conductor());
  return json_response(200, {{"uuid", uuid}});
}

}  // namespace inspector
