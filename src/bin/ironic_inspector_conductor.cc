#include "inspector/config/command_line.h"
#include "inspector/service/services.h"

int main(int argc, char** argv) {
  const inspector::Program program{
      .name = "ironic-inspector-conductor",
      .summary = "the part of the inspector that does the work, one of many",
      .listens = false};
  return inspector::run_program(program, argc, argv, inspector::run_conductor_service);
}
