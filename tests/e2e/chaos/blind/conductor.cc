// A conductor for one test of the fence; see node_locks.cc.
#include "inspector/config/command_line.h"
#include "inspector/service/services.h"

int main(int argc, char** argv) {
  const inspector::Program program{.name = "blind-conductor",
                                   .summary = "a conductor that does not look at its lease",
                                   .listens = false};
  return inspector::run_program(program, argc, argv, inspector::run_conductor_service);
}
