#include "tests/sim/cluster/operators.h"

#include <boost/json.hpp>

#include "sim/ironic/report.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 40s;  // with one request
constexpr auto kLook = 6s;       // between looks at the state
constexpr int kAttempts = 8;
constexpr int kOk = 200, kAccepted = 202, kNotFound = 404, kConflict = 409, kInternal = 500,
              kUnavailable = 503;

}  // namespace

Operators::Operators(Stage& stage, const Options& options)
    : process_(stage.env.process("operators")),
      sender_(stage.network.sender(process_)),
      options_(options) {
  for (unsigned i = 0; i < options_.machines; ++i)
    ledgers_[i] = {};
}

void Operators::begin() {
  for (unsigned i = 0; i < options_.machines; ++i)
    threads_.push_back(process_.spawn("operator", [this, i](const std::stop_token& stop) {
      work(i, stop);
      ++done_;
    }));
}

base::Env::Duration Operators::draw(base::Env::Duration most) {
  const auto span = static_cast<std::uint64_t>(most.count()) + 1;
  return base::Env::Duration(static_cast<base::Env::Duration::rep>(process_.random() % span));
}

void Operators::work(unsigned machine, const std::stop_token& stop) {
  process_.sleep_for(draw(options_.spread), stop);
  for (unsigned round = 0; round < options_.rounds && !stop.stop_requested(); ++round) {
    if (!start(machine, stop)) continue;
    if (chance(options_.aborts)) abort(machine, stop);
    const auto end = watch(machine, stop);
    if (end && !end->failed && chance(options_.reapplies)) {
      reapply(machine, stop);
      watch(machine, stop);
    }
    process_.sleep_for(draw(3s), stop);
  }
}

int Operators::ask(unsigned machine, const std::string& method, const std::string& path,
                   const std::stop_token& stop, std::string* body) {
  ++counts_["asked"];
  try {
    const http::Request request{.method = method,
                                .target = "/v1/introspection/" + hardware(machine).uuid + path};
    const auto response = sender_->send(kInspectorUrl, request, process_.after(kPatience), stop);
    if (body != nullptr) *body = response.body;
    if (response.status == kUnavailable) ++counts_["answered 503"];
    if (response.body.find("Too many") != std::string::npos) ++counts_["full queues"];
    if (response.status == kInternal)
      ledgers_[machine].impossible = method + ' ' + request.target + ": 500 " + response.body;
    return response.status;
  } catch (const http::Error&) {
    ++counts_["not answered"];
    return 0;
  }
}

/// Asks until it is accepted, refused, or the patience is over. False: not accepted.
bool Operators::promise(unsigned machine, const std::string& path, const std::stop_token& stop) {
  Ledger& ledger = ledgers_[machine];
  for (int attempt = 0; attempt < kAttempts && !stop.stop_requested(); ++attempt) {
    const auto began = process_.wall_time();
    const int answer = ask(machine, "POST", path, stop);
    if (answer == kAccepted) {
      ++counts_["accepted"];
      ++ledger.accepted;
      ledger.last_began = began;
      ledger.abort_asked = false;
      ledger.reapplied = !path.empty();
      return true;
    }
    if (answer != 0 && answer != kUnavailable) return false;
    ++ledger.doubtful;
    process_.sleep_for(1s + draw(4s), stop);
  }
  return false;
}

/// A start that is refused may be due to an earlier one whose answer was lost: goes on to watch.
bool Operators::start(unsigned machine, const std::stop_token& stop) {
  const bool before = ledgers_[machine].doubtful > 0;
  return promise(machine, "", stop) || before || ledgers_[machine].doubtful > 0;
}

void Operators::reapply(unsigned machine, const std::stop_token& stop) {
  ++counts_["reapplies"];
  promise(machine, "/data/unprocessed", stop);
}

void Operators::abort(unsigned machine, const std::stop_token& stop) {
  process_.sleep_for(draw(8s), stop);
  const int answer = ask(machine, "POST", "/abort", stop);
  // A request that came twice is answered 409 when the other copy is at work.
  if (answer != kAccepted && answer != 0 && answer != kUnavailable && answer != kConflict) return;
  ++counts_["aborts"];
  ledgers_[machine].abort_asked = true;
}

std::optional<Operators::Status> Operators::status(unsigned machine, const std::stop_token& stop) {
  std::string body;
  const int answer = ask(machine, "GET", "", stop, &body);
  if (answer == kNotFound) return Status{.finished = true, .failed = true};
  if (answer != kOk) return std::nullopt;
  const boost::json::value shown = boost::json::parse(body);
  return Status{.finished = shown.at("finished").as_bool(), .failed = !shown.at("error").is_null()};
}

/// Until it is at its end; nullopt: we were stopped.
std::optional<Operators::Status> Operators::watch(unsigned machine, const std::stop_token& stop) {
  while (process_.sleep_for(kLook / 2 + draw(kLook), stop)) {
    const auto now = status(machine, stop);
    if (!now || !now->finished) continue;
    ++counts_[now->failed ? "seen failed" : "seen finished"];
    return now;
  }
  return std::nullopt;
}

}  // namespace sim
