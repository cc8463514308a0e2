// A journal in which nothing is written: what the service would do without it, for the measurement
// of its price. Linked before the library, it stands in the place of conductor/journal.cc,
// journal_answers.cc and journal_takeover.cc. A program with it loses what it was doing when it
// dies.
#include "inspector/conductor/journal.h"

#include "inspector/uuid.h"

namespace inspector {
namespace {

const Journal::Write kNothing = [](sql::Transaction&) {};

}  // namespace

Operation Journal::make(Operation::Kind kind, std::string_view node) const {
  return {.id = random_uuid(env_),
          .kind = kind,
          .node = std::string(node),
          .digest = {},
          .created = env_.wall_time()};
}

Journal::Write Journal::enter(const Operation&, std::string_view) const { return kNothing; }
void Journal::enter_alone(const Operation&) {}
void Journal::begin(Operation&) {}
Journal::Write Journal::move_on(const Operation&) const { return kNothing; }
void Journal::move_on_alone(const Operation&) {}
Journal::Write Journal::enter_stored(Operation&, std::string_view) const { return kNothing; }
Journal::Write Journal::keep_set(Operation&, std::string_view) const { return kNothing; }
std::string Journal::body(const Operation&) { return {}; }
std::string Journal::logs(const Operation&) { return {}; }
std::string Journal::set(const Operation&) { return {}; }
Journal::Write Journal::end(const Operation&, const std::optional<KeptAnswer>&) const {
  return kNothing;
}
void Journal::drop(const Operation&) {}
Journal::Write Journal::keep_attempt(const std::string&, const std::string&) const {
  return kNothing;
}
std::string Journal::part(const Operation&, const std::string&) { return {}; }

Journal::Acceptance Journal::accept(const Operation&, std::string_view) { return {}; }
std::optional<KeptAnswer> Journal::answer(const std::string&) { return std::nullopt; }
bool Journal::under_way(const std::string&) { return false; }
std::int64_t Journal::drop_old_answers() { return 0; }

std::vector<Journal::Owner> Journal::owners(std::string_view) { return {}; }
std::int64_t Journal::disown(std::string_view) { return 0; }
std::int64_t Journal::hand_over(std::string_view, Which) { return 0; }
bool Journal::hand_over(const Operation&) { return true; }
std::vector<Operation> Journal::claimable(std::string_view, std::size_t) { return {}; }
Journal::Write Journal::claim(Operation&, const Owner&, std::int64_t) const { return kNothing; }
bool Journal::claim_alone(Operation&, const Owner&) { return false; }
std::optional<Operation> Journal::of_node(const std::string&, Operation::Kind) {
  return std::nullopt;
}

}  // namespace inspector
