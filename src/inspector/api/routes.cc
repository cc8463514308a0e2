#include "inspector/api/routes.h"

#include "inspector/api/handlers.h"

namespace inspector {
namespace {

constexpr Access kPublic = Access::kPublic;
constexpr Access kAuthenticated = Access::kAuthenticated;

// clang-format off
constexpr Route kRoutes[] = {
    {"GET",  "/",                                         kPublic,        show_versions},
    {"GET",  "/{version}",                                kPublic,        show_resources},
    {"POST", "/v1/continue",                              kPublic,        receive_report},
    {"GET",  "/v1/introspection",                         kAuthenticated, list_statuses},
    {"GET",  "/v1/introspection/{node}",                  kAuthenticated, show_status},
    {"POST", "/v1/introspection/{node}",                  kAuthenticated, start},
    {"POST", "/v1/introspection/{node}/abort",            kAuthenticated, abort},
    {"GET",  "/v1/introspection/{node}/data",             kAuthenticated, show_processed},
    {"GET",  "/v1/introspection/{node}/data/unprocessed", kAuthenticated, show_unprocessed},
    {"POST", "/v1/introspection/{node}/data/unprocessed", kAuthenticated, reapply},
    {"GET",  "/v1/rules",                                 kAuthenticated, list_rules},
    {"POST", "/v1/rules",                                 kAuthenticated, create_rule},
    {"DELETE", "/v1/rules",                               kAuthenticated, delete_rules},
    {"GET",  "/v1/rules/{uuid}",                          kAuthenticated, show_rule},
    {"DELETE", "/v1/rules/{uuid}",                        kAuthenticated, delete_rule},
};
// clang-format on

}  // namespace

std::span<const Route> routes() noexcept { return kRoutes; }

}  // namespace inspector
