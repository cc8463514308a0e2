// The target that TOOZ_FUZZ_TARGET names, under clang's libFuzzer.
#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "base/log_options.h"
#include "tests/fuzz/target.h"

namespace {

const fuzz::Target& chosen() {
  base::configure_log({.file = "/dev/null"});
  const char* name = std::getenv("TOOZ_FUZZ_TARGET");
  for (const auto& target : fuzz::targets())
    if (name != nullptr && target.name == name) return target;
  std::cerr << "TOOZ_FUZZ_TARGET must be one of:";
  for (const auto& target : fuzz::targets())
    std::cerr << ' ' << target.name;
  std::cerr << '\n';
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Target& target = chosen();
  target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
