#pragma once

namespace inspector {

struct CommandLine;

// What each service's main() runs: reads the configuration, starts, serves until SIGTERM or SIGINT,
// stops. Returns the exit code; throws what keeps it from starting, with the line for the operator.

int run_standalone(const CommandLine& line);         ///< ironic-inspector
int run_conductor_service(const CommandLine& line);  ///< ironic-inspector-conductor
int run_api_service(const CommandLine& line);        ///< ironic-inspector-api-wsgi

}  // namespace inspector
