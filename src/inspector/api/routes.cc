#include "inspector/api/routes.h"

#include "inspector/api/handlers.h"

namespace inspector {
namespace {

constexpr Access kPublic = Access::kPublic;
constexpr Access kAuthenticated = Access::kAuthenticated;

// clang-format off
constexpr Route kRoutes[] = {
    {"GET",    "/",                                         kPublic,        "introspection",             show_versions},
    {"GET",    "/openapi.json",                             kPublic,        "introspection",             show_openapi},
    {"GET",    "/{version}",                                kPublic,        "introspection:version",     show_resources},
    {"POST",   "/v1/continue",                              kPublic,        "introspection:continue",    receive_report},
    {"GET",    "/v1/introspection",                         kAuthenticated, "introspection:status",      list_statuses},
    {"GET",    "/v1/introspection/{node}",                  kAuthenticated, "introspection:status",      show_status},
    {"POST",   "/v1/introspection/{node}",                  kAuthenticated, "introspection:start",       start},
    {"POST",   "/v1/introspection/{node}/abort",            kAuthenticated, "introspection:abort",       abort},
    {"GET",    "/v1/introspection/{node}/data",             kAuthenticated, "introspection:data",        show_processed},
    {"GET",    "/v1/introspection/{node}/data/unprocessed", kAuthenticated, "introspection:data",        show_unprocessed},
    {"POST",   "/v1/introspection/{node}/data/unprocessed", kAuthenticated, "introspection:reapply",     reapply},
    {"GET",    "/v1/rules",                                 kAuthenticated, "introspection:rule:get",    list_rules},
    {"POST",   "/v1/rules",                                 kAuthenticated, "introspection:rule:create", create_rule},
    {"DELETE", "/v1/rules",                                 kAuthenticated, "introspection:rule:delete", delete_rules},
    {"GET",    "/v1/rules/{uuid}",                          kAuthenticated, "introspection:rule:get",    show_rule},
    {"DELETE", "/v1/rules/{uuid}",                          kAuthenticated, "introspection:rule:delete", delete_rule},
};
// clang-format on

}  // namespace

std::span<const Route> routes() noexcept { return kRoutes; }

}  // namespace inspector
