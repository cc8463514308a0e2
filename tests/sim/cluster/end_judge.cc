#include "tests/sim/cluster/end_judge.h"

#include <algorithm>
#include <array>

#include "sim/ironic/report.h"

namespace sim {
namespace {

/// Words of an error that comes from trouble that was injected.
constexpr std::array<std::string_view, 5> kInjected{
    "Service unavailable", "is locked by host ironic-sim", "no answer from Ironic", "(injected)",
    "was given up after 3 conductors ended"};

bool is_injected(const std::string& error) {
  return std::ranges::any_of(
      kInjected, [&](std::string_view words) { return error.find(words) != std::string::npos; });
}

/// Where two long texts part.
std::string difference(const std::string& found, const std::string& expected) {
  constexpr std::size_t kShown = 120, kBefore = 30;
  const auto [at, _] = std::ranges::mismatch(found, expected);
  const auto parts = static_cast<std::size_t>(at - found.begin());
  const std::size_t from = parts - std::min(parts, kBefore);
  return found.substr(from, kShown) + " instead of " + expected.substr(from, kShown);
}

}  // namespace

std::string EndJudge::verdict() const {
  for (unsigned machine = 0; machine < parts_.machines; ++machine)
    if (const std::string found = look_at(machine); !found.empty())
      return hardware(machine).name + ": " + found;
  return {};
}

std::string EndJudge::look_at(unsigned machine) const {
  const Ledger& ledger = parts_.operators.ledger(machine);
  if (ledger.impossible) return *ledger.impossible;
  if (ledger.accepted == 0) return {};
  const auto row = parts_.nodes.get(hardware(machine).uuid);
  if (!row) return "an accepted introspection has left no record";
  if (!row->started_at || *row->started_at < *ledger.last_began)
    return "the last accepted introspection was never begun";
  if (!row->finished_at)
    return "an accepted introspection has not ended, its state is " +
           std::string(inspector::name(row->state));
  if (row->error) return failure(machine, *row);
  return in_ironic(machine);
}

std::string EndJudge::failure(unsigned machine, const inspector::Node& row) const {
  const bool allowed =
      *row.error == "Canceled by operator"    ? parts_.operators.ledger(machine).abort_asked
      : *row.error == "Introspection timeout" ? parts_.faults && parts_.ironic.gave_up(row.uuid)
                                              : parts_.faults && is_injected(*row.error);
  return allowed ? std::string() : "failed for no reason that was injected: " + *row.error;
}

std::string EndJudge::in_ironic(unsigned machine) const {
  if (parts_.undisturbed.empty()) return {};
  const std::string uuid = hardware(machine).uuid;
  const IronicEnd& expected = parts_.undisturbed.at(machine);
  if (const std::string shown = parts_.ironic.shown(uuid); shown != expected.shown)
    return "it does not stand in Ironic as it should: " + difference(shown, expected.shown);
  std::size_t sent = 0;
  for (const IronicChange& each : parts_.ironic.changes(uuid)) {
    if (!each.is_node_patch()) continue;
    ++sent;
    if (each.body != expected.patch) return "another patch than expected: " + each.body;
  }
  if (sent > parts_.operators.ledger(machine).accepted && !parts_.faults)
    return "a patch was sent more than once";
  return {};
}

}  // namespace sim
