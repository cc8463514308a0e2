#include "inspector/config/command_line.h"
#include "inspector/service/services.h"

int main(int argc, char** argv) {
  const inspector::Program program{
      .name = "ironic-inspector",
      .summary = "hardware introspection for Ironic, all in one process",
      .listens = false};
  return inspector::run_program(program, argc, argv, inspector::run_standalone);
}
