#include "tests/sim/cluster/boundary.h"

#include <boost/json.hpp>

#include "sim/ironic/report.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;
using inspector::State;

constexpr std::uint64_t kSeed = 5;
constexpr auto kPatience = 90s;
constexpr unsigned kStranger = 7;  // no machine of Ironic's
constexpr int kAccepted = 202, kLocked = 409, kUnavailable = 503;

class Boundary {
 public:
  explicit Boundary(const BoundaryPlan& plan)
      : plan_(plan), operation_(plan.operation), env_(kSeed), uuid_(hardware(0).uuid) {}

  BoundaryEnd run() {
    env_.run([this] { live(); });
    return std::move(end_);
  }

 private:
  void live();
  void bring_about(Stage& stage);
  void pass(Stage& stage, const Passage& passage);
  void ask(Stage& stage, const std::string& path);
  void await_stranger(Stage& stage);
  bool await(Stage& stage, const std::function<bool(const inspector::Node&)>& there);
  void look_at_end(Stage& stage);
  StageOptions options() const;

  const BoundaryPlan plan_;
  const Cut operation_;
  SimEnv env_;
  std::string uuid_;
  bool watching_ = false;
  BoundaryEnd end_;
};

StageOptions Boundary::options() const {
  StageOptions options{.conductors = 2, .apis = 1};
  options.discovers = operation_ == Cut::kEnroll;
  options.ironic = {.machines = 1,
                    .power_time = 100ms,
                    .boot_time = operation_ == Cut::kAbort ? Env::Duration(1h) : 3s};
  return options;
}

void Boundary::live() {
  Stage* its = nullptr;
  Stage stage(env_, options(), [this, &its](const Passage& passage) {
    if (its != nullptr) pass(*its, passage);
  });
  its = &stage;
  while (!stage.crew.all_up())
    env_.sleep_for(100ms, {});
  env_.sleep_for(1s, {});  // the API has seen them
  bring_about(stage);
  watching_ = false;
  look_at_end(stage);
  stage.crew.end();
}

void Boundary::pass(Stage& stage, const Passage& passage) {
  if (!watching_ || !passage.process.name().starts_with("conductor")) return;
  end_.steps.push_back({passage.process.name(), passage.call, passage.when});
  const bool planned = plan_.kill_at && end_.steps.size() == *plan_.kill_at + 1;
  const bool poisoned = !plan_.poison.empty() && passage.when == Passage::When::kBefore &&
                        passage.call.find(plan_.poison) != std::string::npos;
  if (!planned && !poisoned) return;
  ++end_.deaths;
  stage.crew.kill(passage.process);
}

/// Up to the operation nothing is watched; then until the node rests.
void Boundary::bring_about(Stage& stage) {
  const auto waits = [](const inspector::Node& row) { return row.state == State::kWaiting; };
  auto since = inspector::WallTime::min();
  const auto finished = [&since](const inspector::Node& row) {
    return row.finished_at && *row.started_at >= since && !inspector::is_active(row.state);
  };
  if (operation_ == Cut::kEnroll) {
    watching_ = true;
    stage.ironic.boot_stranger(kStranger);
    await_stranger(stage);
    await(stage, finished);
    return;
  }
  watching_ = operation_ == Cut::kStart;
  ask(stage, "");
  await(stage, waits);
  if (operation_ == Cut::kStart) watching_ = false;
  if (operation_ == Cut::kAbort) {
    watching_ = true;
    ask(stage, "/abort");
  }
  if (operation_ == Cut::kProcess) watching_ = true;
  await(stage, finished);
  if (operation_ != Cut::kReapply) return;
  env_.sleep_for(2s, {});
  since = env_.wall_time();
  watching_ = true;
  ask(stage, "/data/unprocessed");
  await(stage, finished);
}

/// As people do: again while there is no answer, or one that says to retry later.
void Boundary::ask(Stage& stage, const std::string& path) {
  SimProcess& people = env_.process("operator");
  const auto sender = stage.network.sender(people);
  const http::Request request{.method = "POST", .target = "/v1/introspection/" + uuid_ + path};
  for (const auto end = env_.after(kPatience); env_.now() < end; env_.sleep_for(2s, {})) {
    try {
      const int status = sender->send(kInspectorUrl, request, env_.after(30s), {}).status;
      if (status != kUnavailable && status != kLocked) {
        if (status != kAccepted && end_.deaths == 0)
          end_.violation = path + ": " + std::to_string(status);
        return;
      }
    } catch (const http::Error&) {
      continue;
    }
  }
  end_.violation = "nobody takes the request" + path;
}

bool Boundary::await(Stage& stage, const std::function<bool(const inspector::Node&)>& there) {
  for (const auto end = env_.after(kPatience); env_.now() < end; env_.sleep_for(200ms, {})) {
    const auto row = stage.nodes.get(uuid_);
    if (row && (there(*row) || row->error)) return true;
    for (std::size_t i = 0; i < stage.crew.size() && !plan_.poison.empty(); ++i)
      stage.crew.start(i);
  }
  return false;
}

/// Its node's UUID is the conductor's to choose.
void Boundary::await_stranger(Stage& stage) {
  for (const auto end = env_.after(kPatience); env_.now() < end; env_.sleep_for(200ms, {}))
    if (const auto found = stage.nodes.all_uuids("", 1); !found.empty()) {
      uuid_ = found.front();
      return;
    }
}

void Boundary::look_at_end(Stage& stage) {
  if (end_.violation.empty()) end_.violation = stage.violation();
  if (const auto row = stage.nodes.get(uuid_))
    end_.row = std::string(inspector::name(row->state)) + ": " + row->error.value_or("no error");
  end_.ironic = stage.ironic.shown(uuid_);
  for (const IronicChange& each : stage.ironic.changes(uuid_))
    if (each.is_node_patch()) end_.patches.push_back(each.body);
  stage.database.run(sql::Access::kRead, [&](sql::Transaction& t) {
    end_.data.clear();
    for (const sql::Row& row :
         t.query("SELECT processed, data FROM introspection_data ORDER BY processed"))
      end_.data += row.maybe_text(0).value_or("") + row.maybe_text(1).value_or("") + '\n';
  });
}

}  // namespace

BoundaryEnd run_boundary(const BoundaryPlan& plan) { return Boundary(plan).run(); }

}  // namespace sim
