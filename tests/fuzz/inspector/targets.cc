#include "tests/fuzz/inspector/targets.h"

#include "tests/fuzz/target.h"

namespace fuzz {

std::span<const Target> targets() noexcept {
  static constexpr Target kTargets[] = {
      {"report", fuzz_report}, {"lldp", fuzz_lldp},     {"rule", fuzz_rule},
      {"regex", fuzz_regex},   {"format", fuzz_format}, {"json_path", fuzz_json_path},
      {"policy", fuzz_policy},
  };
  return kTargets;
}

}  // namespace fuzz
