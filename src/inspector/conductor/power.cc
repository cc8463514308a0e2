#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.power";

constexpr base::Env::Duration kLookAgain = std::chrono::seconds(2);

std::string text_member(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

void LocalConductor::boot(const Work& work, const std::vector<std::string>& macs,
                          const std::stop_token& stop) {
  try {
    parts_.ironic.set_boot_device_pxe(work.uuid, work.op->arguments.at("persistent").as_bool(),
                                      under(work, stop));
  } catch (const ironic::Error& error) {
    throw_ironic("Failed to set boot device to PXE: ", error);
  }
  if (pace().any()) {
    take_turn(work, macs);
    return;
  }
  store_macs(work, macs, step(work, Step::kPower));
  power_on(work, stop);
}

void LocalConductor::take_turn(const Work& work, const std::vector<std::string>& macs) {
  Journal::Turn turn;
  store_macs(work, macs, {work.lock->token(), parts_.journal.take_turn(*work.op, pace(), turn)});
  work.op->step = Step::kQueued;
  if (turn.granted) work.op->due = turn.due;
  wait_for_turn(work, turn.due, turn.granted);
}

/// No thread waits. Who is dropped, because the process ends, is found in the journal.
void LocalConductor::wait_for_turn(const Work& work, WallTime due, bool granted) {
  const auto wait = std::chrono::duration_cast<base::Env::Duration>(due - env_.wall_time());
  const Body go_on = [this, granted](const Work& mine, const std::stop_token& stop) {
    if (!granted) {
      take_turn(mine, {});
      return;
    }
    parts_.store.write(mine.uuid, step(mine, Step::kPower), [](sql::Transaction&) {});
    power_on(mine, stop);
  };
  const bool waits =
      turns_.add(env_.now() + wait, [this, work, go_on] { in_background(work, go_on); });
  if (!waits)
    base::log_info(kComponent, "The conductor stops, the machine is turned on by another",
                   {{"node", work.uuid}});
}

void LocalConductor::power_on(const Work& work, const std::stop_token& stop) {
  parts_.filter.open();
  try {
    parts_.ironic.set_power(work.uuid, ironic::Power::kReboot, under(work, stop));
  } catch (const ironic::Error& error) {
    throw_ironic("Failed to power on the node, check its power management configuration: ", error);
  }
  booted(work);
  base::log_info(kComponent, "The machine was told to boot the ramdisk", {{"node", work.uuid}});
}

/// The start is over: from here on its report is awaited, and nobody works on the node.
void LocalConductor::booted(const Work& work) {
  parts_.store.fire(work.uuid, Event::kWait, ending(work));
  work.op->ended = true;
}

/// Another may have asked for the reboot, and nobody knows. While Ironic is at it, its end is
/// awaited; then, or if there is nothing to be seen, it is asked for once more: a second reboot
/// before the report does no harm, a missing one loses the introspection.
void LocalConductor::resume_power(const Work& work, base::Env::TimePoint until,
                                  const std::stop_token& stop) {
  JournalCounters& counters = parts_.journal.counters;
  if (parts_.journal.of_node(work.uuid, Operation::Kind::kProcess)) {
    ++counters.power_spared;
    base::log_info(kComponent, "The machine has reported already, it is not rebooted again",
                   {{"node", work.uuid}});
    booted(work);
    return;
  }
  const Json node =
      parts_.ironic.get_node(work.uuid, "uuid,power_state,target_power_state", under(work, stop));
  const bool under_way = !text_member(node, "target_power_state").empty();
  const bool awaited = until != base::Env::TimePoint{};
  if (under_way && (!awaited || env_.now() < until)) {
    const auto end = awaited ? until : env_.now() + options_.power_wait;
    turns_.add(env_.now() + kLookAgain, [this, work, end] {
      in_background(work, [this, end](const Work& mine, const std::stop_token& its_stop) {
        resume_power(mine, end, its_stop);
      });
    });
    return;
  }
  if (awaited && text_member(node, "power_state") == "power on") {
    ++counters.power_awaited;
    booted(work);
    return;
  }
  ++counters.power_repeats;
  base::log_warning(kComponent, "Nobody knows whether the machine was rebooted, it is asked again",
                    {{"node", work.uuid}, {"repeats", counters.power_repeats.load()}});
  parts_.store.write(work.uuid, step(work, Step::kPowerAgain), [](sql::Transaction&) {});
  power_on(work, stop);
}

}  // namespace inspector
