#include "inspector/api/call.h"
#include "inspector/api/handlers.h"

namespace inspector {
namespace {

constexpr std::string_view kDescription =
#include "inspector/api/openapi.inc"
    ;

}  // namespace

http::Response show_openapi(const ApiCall&) {
  http::Response response;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = std::string(kDescription) + "\n";
  return response;
}

}  // namespace inspector
