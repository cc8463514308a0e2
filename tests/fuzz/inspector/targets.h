#pragma once
#include <string_view>

namespace fuzz {

void fuzz_report(std::string_view bytes);
void fuzz_lldp(std::string_view bytes);
void fuzz_rule(std::string_view bytes);
void fuzz_json_path(std::string_view bytes);
void fuzz_regex(std::string_view bytes);
void fuzz_format(std::string_view bytes);
void fuzz_policy(std::string_view bytes);

}  // namespace fuzz
