#include "inspector/config/command_line.h"
#include "inspector/service/services.h"

int main(int argc, char** argv) {
  const inspector::Program program{
      .name = "ironic-inspector-api-wsgi",
      .summary = "the HTTP API of the inspector, in front of its conductors",
      .listens = true};
  return inspector::run_program(program, argc, argv, inspector::run_api_service);
}
