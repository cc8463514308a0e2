#pragma once
#include "http/message.h"

namespace inspector {

struct ApiCall;

// What answers each route (routes.cc). Each returns the answer of success and throws
// inspector::Error for the others.

http::Response show_versions(const ApiCall& call);     // root.cc
http::Response show_openapi(const ApiCall& call);      // openapi.cc
http::Response show_resources(const ApiCall& call);    // root.cc
http::Response receive_report(const ApiCall& call);    // continue.cc
http::Response list_statuses(const ApiCall& call);     // introspection.cc
http::Response show_status(const ApiCall& call);       // introspection.cc
http::Response start(const ApiCall& call);             // introspection.cc
http::Response abort(const ApiCall& call);             // introspection.cc
http::Response show_processed(const ApiCall& call);    // data.cc
http::Response show_unprocessed(const ApiCall& call);  // data.cc
http::Response reapply(const ApiCall& call);           // data.cc
http::Response list_rules(const ApiCall& call);        // rules.cc
http::Response create_rule(const ApiCall& call);       // rules.cc
http::Response delete_rules(const ApiCall& call);      // rules.cc
http::Response show_rule(const ApiCall& call);         // rules.cc
http::Response delete_rule(const ApiCall& call);       // rules.cc

}  // namespace inspector
