#include "tests/e2e/chaos/load.h"

#include <array>
#include <boost/json.hpp>

namespace e2e {
namespace {

using std::chrono::duration_cast;

constexpr auto kListEvery = milliseconds(700);
/// After this nobody begins a call any more whose caller got no answer.
constexpr auto kUnsureFor = seconds(25);
constexpr double kAborts = 0.1, kReapplies = 0.15;  // beside each start

bool is_strange(int status) {
  switch (status) {
    case 0:  // the API was killed, or stands still
    case 202:
    case 400:  // not in a state for it
    case 404:  // no record, or no data
    case 409:  // locked
    case 503:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::string_view name(Asked::Kind kind) {
  constexpr std::array<std::string_view, 3> kNames{"start", "abort", "reapply"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Load::Load(std::vector<const Api*> apis, const Api& ironic, Options options)
    : env_(base::system_env()),
      apis_(std::move(apis)),
      ironic_(ironic),
      options_(options),
      chance_(options.seed),
      nodes_(static_cast<std::size_t>(options.nodes)),
      callers_(env_, {.name = "operators", .max_threads = 48, .max_queued = 500}),
      generator_(env_.spawn("load", [this](const std::stop_token& s) { generate(s); })),
      follower_(env_.spawn("follow", [this](const std::stop_token& s) { follow(s); })) {}

Load::~Load() { stop(); }

void Load::stop() {
  generator_.reset();
  callers_.drain(env_.after(kUnsureFor + seconds(60)));
  const std::lock_guard guard(mutex_);
  stopped_ = true;
}

void Load::generate(const std::stop_token& stop) {
  const auto pause = std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / options_.rate));
  auto next = env_.now();
  while (env_.sleep_until(next, stop)) {
    next += pause;
    submit(Kind::kStart);
    double dice = 0;
    {
      const std::lock_guard guard(mutex_);
      dice = std::uniform_real_distribution<double>(0, 1)(chance_);
    }
    if (dice < kAborts)
      submit(Kind::kAbort);
    else if (dice < kAborts + kReapplies)
      submit(Kind::kReapply);
  }
}

void Load::burst(Kind kind, int count) {
  for (int i = 0; i < count; ++i)
    submit(kind);
}

void Load::submit(Kind kind) {
  const std::optional<int> node = pick(kind);
  if (!node) return;
  const bool taken =
      callers_.submit([this, kind, node](const std::stop_token&) { ask(kind, *node); });
  if (taken) return;
  const std::lock_guard guard(mutex_);
  nodes_[static_cast<std::size_t>(*node)].busy = false;
}

bool Load::fits(const Node& node, Kind kind, TimePoint now) const {
  if (node.busy) return false;
  if (kind == Kind::kAbort) return !node.open.empty() && node.open.size() < 2;
  if (!node.open.empty() || node.under_way) return false;
  if (node.unsure && now < node.since + kUnsureFor) return false;
  return kind == Kind::kStart || node.finished;
}

std::optional<int> Load::pick(Kind kind) {
  const auto now = env_.now();
  const std::lock_guard guard(mutex_);
  const std::size_t first = chance_() % nodes_.size();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const std::size_t at = (first + i) % nodes_.size();
    if (!fits(nodes_[at], kind, now)) continue;
    nodes_[at].busy = true;
    return static_cast<int>(at);
  }
  return std::nullopt;
}

void Load::ask(Kind kind, int node) {
  if (kind != Kind::kAbort) ironic_.ask("PATCH", "/v1/nodes/" + node_uuid(node), kReset);
  const auto asked = env_.wall_time();
  note(kind, node, send(kind, node), asked);
}

Answer Load::send(Kind kind, int node) {
  switch (kind) {
    case Kind::kStart:
      return ask_any("POST", Api::of_node(node));
    case Kind::kAbort:
      return ask_any("POST", Api::of_node(node) + "/abort");
    case Kind::kReapply:
      return ask_any("POST", Api::of_node(node) + "/data/unprocessed");
  }
  return {};
}

/// Through one API, or another when that one is not there.
Answer Load::ask_any(const std::string& method, const std::string& target) {
  std::size_t first = 0;
  {
    const std::lock_guard guard(mutex_);
    first = chance_() % apis_.size();
  }
  Answer answer;
  for (std::size_t i = 0; i < apis_.size(); ++i) {
    answer = apis_[(first + i) % apis_.size()]->ask(method, target);
    if (answer.status != 0 || answer.body.find("not sent") == std::string::npos) break;
  }
  return answer;
}

void Load::note(Kind kind, int index, const Answer& answer, base::Env::WallTime asked) {
  const auto now = env_.now();
  const std::lock_guard guard(mutex_);
  ++answers_[std::string(name(kind)) + " " + std::to_string(answer.status)];
  if (is_strange(answer.status)) strange_.push_back(std::string(name(kind)) + ": " + answer.text());
  Node& node = nodes_[static_cast<std::size_t>(index)];
  node.busy = false;
  node.since = now;
  node.unsure = answer.status == 0 || answer.status == 503;
  const bool accepted = answer.status == 202;
  if (accepted) node.open.push_back(asked_.size());
  if (accepted || node.unsure)
    asked_.push_back({.kind = kind, .node = index, .at = asked, .accepted = accepted, .end = {}});
}

void Load::follow(const std::stop_token& stop) {
  while (env_.sleep_for(kListEvery, stop)) {
    const auto asked = env_.now();
    const Answer answer = ask_any("GET", "/v1/introspection?limit=1000");
    {
      const std::lock_guard guard(mutex_);
      ++answers_["list " + std::to_string(answer.status)];
    }
    if (answer.status == 200) take_list(answer.body, asked);
  }
}

/// What was answered before the list was asked for stands in the list.
void Load::take_list(const std::string& body, TimePoint asked) {
  const boost::json::value list = boost::json::parse(body);
  const std::lock_guard guard(mutex_);
  for (const boost::json::value& each : list.at("introspection").as_array()) {
    const std::string uuid(each.at("uuid").as_string());
    const std::size_t index = std::stoul(uuid.substr(24), nullptr, 16);
    if (index >= nodes_.size()) continue;
    Node& node = nodes_[index];
    const auto& state = each.at("state").as_string();
    const bool ended = state == "finished" || state == "error";
    const auto* error = each.at("error").if_string();
    node.under_way = !ended;
    if (!ended || node.busy || node.since >= asked) continue;
    node.finished = error == nullptr;
    for (const std::size_t open : node.open)
      asked_[open].end = error == nullptr ? "finished" : std::string(*error);
    node.open.clear();
  }
}

bool Load::all_ended() const {
  const std::lock_guard guard(mutex_);
  for (const Node& node : nodes_)
    if (node.busy || node.under_way || !node.open.empty()) return false;
  return stopped_;
}

std::vector<Asked> Load::asked() const {
  const std::lock_guard guard(mutex_);
  return asked_;
}

std::map<std::string, int> Load::answers() const {
  const std::lock_guard guard(mutex_);
  return answers_;
}

std::vector<std::string> Load::strange() const {
  const std::lock_guard guard(mutex_);
  return strange_;
}

}  // namespace e2e
