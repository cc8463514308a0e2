#include "inspector/conductor/operation.h"

#include <array>
#include <utility>

namespace inspector {
namespace {

using Kind = Operation::Kind;
using Step = Operation::Step;

constexpr std::array kKinds = {
    std::pair{Kind::kStart, std::string_view("start")},
    std::pair{Kind::kProcess, std::string_view("process")},
    std::pair{Kind::kAbort, std::string_view("abort")},
    std::pair{Kind::kReapply, std::string_view("reapply")},
};

constexpr std::array kSteps = {
    std::pair{Step::kAccepted, std::string_view("accepted")},
    std::pair{Step::kQueued, std::string_view("queued")},
    std::pair{Step::kPower, std::string_view("power")},
    std::pair{Step::kPowerAgain, std::string_view("power-again")},
    std::pair{Step::kProcessing, std::string_view("processing")},
    std::pair{Step::kStored, std::string_view("stored")},
    std::pair{Step::kChanges, std::string_view("changes")},
    std::pair{Step::kSending, std::string_view("sending")},
};

template <class Table, class Key>
std::string_view name_in(const Table& table, Key key) noexcept {
  for (const auto& [each, name] : table)
    if (each == key) return name;
  return "";
}

template <class Table>
auto find_in(const Table& table, std::string_view text) noexcept {
  std::optional<typename Table::value_type::first_type> found;
  for (const auto& [each, name] : table)
    if (name == text) found = each;
  return found;
}

}  // namespace

std::string_view name(Kind kind) noexcept { return name_in(kKinds, kind); }
std::string_view name(Step step) noexcept { return name_in(kSteps, step); }

std::optional<Kind> kind_from_name(std::string_view text) noexcept { return find_in(kKinds, text); }
std::optional<Step> step_from_name(std::string_view text) noexcept { return find_in(kSteps, text); }

}  // namespace inspector
