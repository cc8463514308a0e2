#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/node/changes_json.h"
#include "inspector/processing/apply.h"
#include "inspector/python_json.h"
#include "inspector/read_json.h"

#include <array>
#include <boost/json.hpp>
#include <stdexcept>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.process";

constexpr std::array kEndings = {std::string_view("power-off"), std::string_view("try-power-off"),
                                 std::string_view("keep-power")};

}  // namespace

/// Before the first change goes to Ironic, all of them stand in the journal: who takes over sends
/// these, and runs neither hooks nor rules again.
void LocalConductor::keep_set(const Work& work, const ChangeSet& set, std::string processed) {
  const boost::json::object kept{{"changes", changes_to_json(set.changes)},
                                 {"ending", kEndings.at(static_cast<std::size_t>(set.ending))}};
  Journal::Write save;
  if (parts_.data.enabled()) {
    save = parts_.data.saving(work.uuid, true, std::move(processed));
    // Without an answer it has not been moved. NOLINTNEXTLINE(bugprone-use-after-move)
    if (!save) parts_.data.save(work.uuid, true, processed, work.lock->token());
  }
  const Operation before = *work.op;
  try {
    const Journal::Write keep = parts_.journal.keep_set(*work.op, python_json(kept));
    parts_.store.write(work.uuid, {work.lock->token(), save}, keep);
  } catch (...) {
    *work.op = before;
    throw;
  }
}

LocalConductor::ChangeSet LocalConductor::kept_set(const Work& work) {
  boost::json::error_code damaged;
  const boost::json::value read = read_json(parts_.journal.set(*work.op), damaged);
  if (damaged) throw std::runtime_error("a set of changes in the journal is damaged");
  const boost::json::object& kept = read.as_object();
  ChangeSet set{.changes = changes_from_json(kept.at("changes"))};
  const std::string_view ending = kept.at("ending").as_string();
  for (std::size_t i = 0; i < kEndings.size(); ++i)
    if (kEndings.at(i) == ending) set.ending = static_cast<Ending>(i);
  return set;
}

void LocalConductor::send_set(const Work& work, const ChangeSet& set, const std::stop_token& stop) {
  apply(set.changes, work.uuid, parts_.ironic, under(work, stop));
  parts_.filter.sync();
}

void LocalConductor::finish(const Work& work, Ending ending, const std::stop_token& stop) {
  if (work.manage_boot && processing_.power_off && ending != Ending::kKeepPower) {
    try {
      parts_.ironic.set_power(work.uuid, ironic::Power::kOff, under(work, stop));
    } catch (const ironic::Error& error) {
      if (stop.stop_requested()) throw;
      if (ending != Ending::kTryPowerOff)
        throw_ironic("Failed to power off node " + work.uuid +
                         ", check its power management configuration: ",
                     error);
      base::log_info(kComponent,
                     std::string("Failed to power off the node in \"enroll\" state, ignoring: ") +
                         error.what(),
                     {{"node", work.uuid}});
    }
  }
  parts_.store.finish(work.uuid, Event::kFinish, std::nullopt, this->ending(work));
  work.op->ended = true;
  base::log_info(kComponent, "Introspection finished successfully", {{"node", work.uuid}});
}

}  // namespace inspector
