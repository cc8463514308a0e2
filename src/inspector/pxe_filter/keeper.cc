#include "inspector/pxe_filter/keeper.h"

#include "base/log.h"

#include <stdexcept>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.pxe_filter";
constexpr base::Env::Duration kPatience = std::chrono::seconds(60);

BootSet active_part(const BootSet& set) {
  return {.known = {}, .active = set.active, .boots_expected = set.boots_expected};
}

}  // namespace

GateKeeper::GateKeeper(base::Env& env, std::unique_ptr<Gate> gate, BootSetSource source,
                       Options options)
    : env_(env),
      gate_(std::move(gate)),
      source_(std::move(source)),
      options_(options),
      pass_(env, [this] { run_pass(); }) {
  gate_->prepare();
  try {
    sync();
  } catch (const std::exception&) {
    // Logged by the pass; the gate is closed, and the watcher tries again.
  }
  gate_->begin();
  watcher_ = env_.spawn("pxe_filter", [this](const std::stop_token& stop) { watch(stop); });
}

GateKeeper::~GateKeeper() {
  watcher_.reset();
  gate_->end();
}

void GateKeeper::sync() {
  if (!pass_.ask(env_.after(kPatience)))
    throw std::runtime_error("the PXE filter is not updated in time");
}

void GateKeeper::watch(const std::stop_token& stop) {
  base::Env::TimePoint next_pass =
      options_.period ? env_.after(*options_.period) : base::Env::TimePoint::max();
  while (env_.sleep_for(options_.look, stop)) {
    try {
      look(next_pass);
    } catch (const std::exception&) {
      // Logged by the pass, or the database is away: the next look tells.
    }
  }
}

void GateKeeper::look(base::Env::TimePoint& next_pass) {
  const bool due = env_.now() >= next_pass;
  bool stale = false;
  if (!due) {
    const BootSet now = source_.read_active();
    const std::lock_guard lock(mutex_);
    stale = !applied_ || *applied_ != now;
  }
  if (!due && !stale) return;
  if (due) next_pass = env_.after(*options_.period);
  sync();
}

void GateKeeper::run_pass() {
  try {
    const BootSet set = source_.read({});
    gate_->apply(set);
    const std::lock_guard lock(mutex_);
    applied_ = active_part(set);
    last_failure_.clear();
  } catch (const std::exception& e) {
    const std::lock_guard lock(mutex_);
    applied_.reset();
    if (last_failure_ != e.what())
      base::log_error(kComponent,
                      std::string("The filter does not follow; it is tried again: ") + e.what());
    last_failure_ = e.what();
    throw;
  }
}

}  // namespace inspector
