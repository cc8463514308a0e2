#include "sim/ironic/machines.h"

#include <array>

#include "base/log.h"

namespace sim {
namespace {

using namespace std::chrono_literals;

constexpr std::array<base::Env::Duration, 4> kPauses{5s, 5s, 6s, 12s};
constexpr base::Env::Duration kAnswerTime = 30s;

}  // namespace

Machines::Machines(base::Env& env, http::Sender& sender, Options options, ReportOf report_of)
    : env_(env),
      options_(std::move(options)),
      report_of_(std::move(report_of)),
      sender_(sender),
      changed_(env.make_event()),
      posters_(env, {.name = "ramdisk", .max_threads = options_.posters, .max_queued = 1000000}),
      timer_(env.spawn("machines", [this](std::stop_token stop) { run(std::move(stop)); })) {}

Machines::~Machines() {
  timer_.reset();
  posters_.drain(env_.now());
}

void Machines::boot(const std::string& uuid) {
  if (options_.inspector.empty()) return;
  Post post{env_.now() + options_.boot_time, uuid, 0, 0};
  {
    const std::lock_guard lock(mutex_);
    power_on_[uuid] = post.power_on = ++power_ons_;
  }
  schedule(std::move(post));
}

void Machines::switch_off(const std::string& uuid) {
  const std::lock_guard lock(mutex_);
  power_on_.erase(uuid);
}

bool Machines::still_on(const Post& post) const {
  const std::lock_guard lock(mutex_);
  const auto it = power_on_.find(post.uuid);
  return it != power_on_.end() && it->second == post.power_on;
}

void Machines::schedule(Post post) {
  {
    const std::lock_guard lock(mutex_);
    due_.push(std::move(post));
  }
  changed_->set();
}

void Machines::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const auto now = env_.now();
    auto next = base::Env::TimePoint::max();
    std::vector<Post> ready;
    {
      const std::lock_guard lock(mutex_);
      while (!due_.empty() && due_.top().due <= now) {
        ready.push_back(due_.top());
        due_.pop();
      }
      if (!due_.empty()) next = due_.top().due;
    }
    for (const auto& post : ready) {
      const bool taken =
          posters_.submit([this, post](std::stop_token pool_stop) { send(post, pool_stop); });
      if (!taken && !stop.stop_requested())
        base::log_warning("ironic-sim", "too many machines post at once", {{"node", post.uuid}});
    }
    changed_->wait_until(next, stop);
  }
}

void Machines::give_up(const Post& post) {
  ++counts_.given_up;
  base::log_warning("ironic-sim", "a machine gives up posting", {{"node", post.uuid}});
}

void Machines::send(const Post& post, std::stop_token stop) {
  if (!still_on(post)) return;
  if (post.attempt > 0) ++counts_.repeated;
  http::Request request{.method = "POST",
                        .target = "/v1/continue",
                        .headers = {{"User-Agent", "ironic-sim ramdisk"}},
                        .body = report_of_(post.uuid)};
  const auto deadline = env_.now() + kAnswerTime;
  bool repeat = false;
  try {
    const auto answer = sender_.send(options_.inspector, request, deadline, stop);
    if (answer.status < 300) ++counts_.accepted;
    if (answer.status >= 400 && answer.status < 500) {
      ++counts_.refused;
      base::log_warning("ironic-sim", "report refused: " + answer.body.substr(0, 300),
                        {{"node", post.uuid}, {"status", answer.status}});
    }
    repeat = answer.status >= 500;
  } catch (const http::Error& e) {
    if (stop.stop_requested()) return;
    repeat =
        env_.now() < deadline;  // connection errors; the ramdisk does not repeat a read time-out
    base::log_debug("ironic-sim", e.what(), {{"node", post.uuid}});
    if (!repeat) give_up(post);
  }
  if (!repeat) return;
  if (post.attempt >= kPauses.size()) {
    give_up(post);
    return;
  }
  schedule({env_.now() + kPauses[post.attempt], post.uuid, post.power_on, post.attempt + 1});
}

}  // namespace sim
