#include "tooz/drivers/zookeeper/client.h"

#include <zookeeper/zookeeper.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tooz::zookeeper {
namespace {

constexpr auto kPause = std::chrono::milliseconds(20);  ///< before a lost request is asked again

std::vector<std::string> in_order_of(Env& env, const Options& options) {
  std::vector<std::string> hosts = options.hosts;
  if (!options.shuffle) return hosts;
  for (std::size_t left = hosts.size(); left > 1; --left)
    std::swap(hosts[left - 1], hosts[env.random() % left]);
  return hosts;
}

bool is_answer(int rc) {
  constexpr std::array kAnswers{int{ZOK}, int{ZNONODE}, int{ZNODEEXISTS}, int{ZBADVERSION},
                                int{ZNOTEMPTY}};
  return std::ranges::find(kAnswers, rc) != kAnswers.end();
}

}  // namespace

bool is_lost(int rc) noexcept {
  constexpr std::array kLost{int{ZCONNECTIONLOSS}, int{ZOPERATIONTIMEOUT}, int{ZINVALIDSTATE},
                             int{ZCLOSING},        int{ZSESSIONEXPIRED},   int{ZSESSIONMOVED}};
  return std::ranges::find(kLost, rc) != kLost.end();
}

Client::Client(Env& env, Options options)
    : env_(env),
      options_(std::move(options)),
      paths_(options_.root),
      hosts_(in_order_of(env, options_)) {}

void Client::fail(const What& what, Errc code, std::string_view why) const {
  std::string text = options_.name + ": " + std::string(what.verb);
  if (!what.key.empty()) text += " " + std::string(what.key);
  throw Error(code, text + ": " + std::string(why));
}

void Client::fail(const What& what, int rc) const {
  const bool denied = rc == ZNOAUTH || rc == ZAUTHFAILED || rc == ZINVALIDACL ||
                      rc == ZSESSIONCLOSEDREQUIRESASLAUTH;
  fail(what, denied ? Errc::kDenied : Errc::kUnreachable, zerror(rc));
}

void Client::check_time(const What& what) const {
  if (env_.now() >= what.deadline) fail(what, Errc::kUnreachable, "no answer in time");
}

std::shared_ptr<Handle> Client::current(const What& what) {
  {
    const std::lock_guard lock(mutex_);
    if (handle_ && !handle_->over()) return handle_;
  }
  // The library gives a host that is silent two thirds of this time.
  Handle::Wish wish{hosts_, options_.timeout / 2, {}};
  const auto first = static_cast<std::ptrdiff_t>(failures_ % wish.hosts.size());
  std::rotate(wish.hosts.begin(), wish.hosts.begin() + first, wish.hosts.end());
  auto fresh = std::make_shared<Handle>(env_, options_, news_, wish);
  std::shared_ptr<Handle> old;
  std::shared_ptr<Handle> used;
  {
    const std::lock_guard lock(mutex_);
    if (handle_ && !handle_->over()) {
      old = std::move(fresh);  // somebody else was faster
    } else {
      old = std::exchange(handle_, std::move(fresh));
    }
    if (old && old->refused()) fail(what, Errc::kDenied, zerror(ZAUTHFAILED));
    used = handle_;
  }
  // One that is closed right after its session has ended drops its own news of that, and all its
  // watches are gone.
  old.reset();
  news_.tell_all();
  return used;
}

std::shared_ptr<Handle> Client::handle(const What& what) {
  for (;;) {
    auto handle = current(what);
    if (handle->connected_by(what.deadline)) return handle;
    if (handle->over()) continue;
    // Servers that have lost their data refuse a client that has seen more than they know, for as
    // long as it lasts: the next call begins with a new one.
    handle->leave();
    ++failures_;
    {
      const std::lock_guard lock(mutex_);
      if (handle_ == handle) handle_.reset();
    }
    news_.tell_all();
    fail(what, Errc::kUnreachable, "no connection in time");
  }
}

std::vector<Reply> Client::read(const What& what, const std::function<void(Batch&)>& ask) {
  for (;;) {
    const auto handle = this->handle(what);
    Batch batch(env_, options_, *handle);
    batch.sync(options_.root);
    ask(batch);
    auto replies = batch.wait(what.deadline);
    // ZNONODE of the sync: its path need not exist.
    const auto bad = std::ranges::find_if(
        replies, [](const Reply& reply) { return reply.rc != ZOK && reply.rc != ZNONODE; });
    if (bad == replies.end()) {
      replies.erase(replies.begin());
      return replies;
    }
    if (!is_lost(bad->rc)) fail(what, bad->rc);
    check_time(what);
    env_.sleep_for(kPause, {});
  }
}

Reply Client::write(const What& what, Handle* handle, const Transaction& transaction) {
  const auto shared = handle == nullptr ? this->handle(what) : nullptr;
  Handle& used = shared ? *shared : *handle;
  if (!used.connected_by(what.deadline)) {
    if (used.over()) fail(what, Errc::kSessionLost, zerror(ZSESSIONEXPIRED));
    fail(what, Errc::kUnreachable, "no connection in time");
  }
  Batch batch(env_, options_, used);
  batch.run(transaction);
  Reply reply = std::move(batch.wait(what.deadline).front());
  if (is_answer(reply.rc)) return reply;
  const bool over = reply.rc == ZSESSIONEXPIRED || used.over();
  if (over && handle != nullptr) fail(what, Errc::kSessionLost, zerror(ZSESSIONEXPIRED));
  fail(what, reply.rc);
}

void Client::lay(const What& what, const std::vector<std::string>& persistent,
                 const std::vector<std::string>& containers) {
  std::vector<std::pair<std::string, Batch::Kind>> wanted;
  for (const auto& path : paths_.foundations())
    wanted.emplace_back(path, Batch::Kind::kPersistent);
  for (const auto& path : persistent)
    wanted.emplace_back(path, Batch::Kind::kPersistent);
  for (const auto& path : containers)
    wanted.emplace_back(path, Batch::Kind::kContainer);
  const auto found = read(what, [&](Batch& batch) {
    for (const auto& [path, kind] : wanted)
      batch.exists(path);
  });
  const auto handle = this->handle(what);
  Batch batch(env_, options_, *handle);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (found[i].rc == ZNONODE) batch.create(wanted[i].first, "", wanted[i].second);
  for (const Reply& reply : batch.wait(what.deadline))
    if (!is_answer(reply.rc) && !is_lost(reply.rc)) fail(what, reply.rc);
  check_time(what);
}

}  // namespace tooz::zookeeper
