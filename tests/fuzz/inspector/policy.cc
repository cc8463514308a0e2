// A check of a policy file in the first line, and in those below it credentials as JSON.
#include "inspector/policy/check.h"
#include "tests/fuzz/inspector/targets.h"
#include "tests/fuzz/target.h"

#include <boost/json.hpp>

#include <stdexcept>

namespace fuzz {

void fuzz_policy(std::string_view bytes) {
  namespace json = boost::json;
  const auto line = std::min(bytes.find('\n'), bytes.size());
  boost::system::error_code ec;
  json::value credentials = json::parse(bytes.substr(std::min(line + 1, bytes.size())), ec);
  if (ec || !credentials.is_object())
    credentials = {{"roles", {"admin", "Reader"}}, {"user_id", "u"}, {"system_scope", "all"}};
  refusable<std::invalid_argument>([&] {
    const auto check = inspector::PolicyCheck::parse(bytes.substr(0, line));
    inspector::PolicyRules rules;
    rules.emplace("itself", inspector::PolicyCheck::parse("rule:itself or rule:other"));
    rules.emplace("other", check);
    check.passes(credentials.get_object(), rules);
    const auto never =
        inspector::PolicyCheck::parse("not (" + std::string(bytes.substr(0, line)) + ")");
    never.passes(credentials.get_object(), rules);
  });
}

}  // namespace fuzz
