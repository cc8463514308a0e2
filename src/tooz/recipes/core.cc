#include "tooz/recipes/core.h"

namespace tooz {
namespace {

constexpr int kAttempts = 3;

// None: not answered.
std::optional<Created> ask(Core& core, Lease& lease, const Entry& wanted, const Guard& guard) {
  try {
    return Created{core.backend->create(wanted.key, wanted.value, lease.id(), guard)};
  } catch (const Error& error) {
    if (error.code() == Errc::kSessionLost) lease.lose();
    if (error.code() != Errc::kUnreachable) throw;
    return std::nullopt;
  }
}

}  // namespace

Created create_surely(Core& core, Lease& lease, const std::string& key, const std::string& value,
                      const Guard& guard) {
  const Entry wanted{.key = key, .value = value};
  auto answer = ask(core, lease, wanted, guard);
  if (answer) return *answer;
  if (core.flaws.no_look) return {};
  for (int attempt = 1;; ++attempt) {
    const auto found = core.backend->get(key);
    if (found && found->value == value && found->owner == lease.id()) return {found->created, true};
    if (found || answer) return {std::nullopt, true};
    if (attempt == kAttempts) throw Error(Errc::kUnreachable, "creating " + key);
    answer = ask(core, lease, wanted, guard);
    if (answer && answer->revision) return {answer->revision, true};
  }
}

}  // namespace tooz
