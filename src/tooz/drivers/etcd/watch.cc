#include "tooz/drivers/etcd/watch.h"

#include <algorithm>

namespace tooz::etcd {
namespace {

constexpr auto kPause = std::chrono::seconds(1);

struct Slot {
  std::atomic<int>& used;
  ~Slot() { --used; }
};

struct Cancelled {
  Channel& channel;
  const std::shared_ptr<Call>& call;
  ~Cancelled() { channel.cancel(call); }
};

Client::What what(const Watches::Wait& wait) {
  return {"/etcdserverpb.Watch/Watch", "watch", wait.prefix, Client::Repeat::kNever};
}

}  // namespace

std::optional<Changes> Watches::wait(const Wait& wait) {
  const int before = streams_++;
  const Slot slot{streams_};
  if (before < kMaxStreams) return wait_on_stream(wait);
  Env& env = client_.env();
  env.sleep_until(std::min(wait.deadline, env.now() + kPause), wait.stop);
  return std::nullopt;
}

std::optional<Changes> Watches::wait_on_stream(const Wait& wait) {
  const auto created_by = client_.env().now() + client_.timeout();
  const auto call = client_.channel().start({.path = what(wait).path,
                                             .message = encode_watch(wait.prefix, wait.at + 1),
                                             .stays_open = true});
  const Cancelled at_end{client_.channel(), call};
  const Changes nothing{{}, wait.at};
  bool created = false;
  for (;;) {
    while (const auto message = call->take_message()) {
      if (Answer answer = answered(wait, *message); answer.enough) return std::move(answer.changes);
      created = true;
    }
    if (const auto status = call->status()) {
      if (created) return nothing;
      client_.fail(what(wait), *status);
    }
    const auto until = created ? wait.deadline : std::min(wait.deadline, created_by);
    if (call->wait(until, wait.stop)) continue;
    if (created || wait.stop.stop_requested() || until < created_by) return nothing;
    client_.fail(what(wait), {Code::kDeadlineExceeded, "no answer in time"});
  }
}

Watches::Answer Watches::answered(const Wait& wait, const std::string& message) {
  WatchReply reply = client_.decoded(what(wait), message, &decode_watch);
  if (reply.compacted != 0 || reply.revision < wait.at) return {true, std::nullopt};
  if (!reply.changes.empty()) {
    // More of what lies back may follow in another message: the reply's own revision is no `at`.
    const Revision at = reply.changes.back().entry.revision;
    return {true, Changes{std::move(reply.changes), at}};
  }
  if (!reply.canceled) return {};
  // A watch does not say whether the token is too old or the right is missing. A read does, and
  // logs in again where that helps.
  client_.call({"/etcdserverpb.KV/Range", "watch", wait.prefix, Client::Repeat::kHarmless},
               encode_probe(wait.prefix));
  return {true, std::nullopt};
}

}  // namespace tooz::etcd
