#include "tooz/drivers/zookeeper/sessions.h"

#include "base/log.h"

#include <zookeeper/zookeeper.h>

#include <algorithm>

namespace tooz::zookeeper {
namespace {

constexpr std::size_t kPassword = 16;  // bytes; then the session's milliseconds as text
constexpr std::size_t kMostEnded = 1000;
constexpr auto kLookAgain = std::chrono::seconds(60);

SessionId id_of(const Handle& handle) {
  return SessionId{static_cast<std::uint64_t>(handle.identity().id)};
}

}  // namespace

Sessions::Sessions(Client& client) : client_(client), changed_(client.env().make_event()) {}

Sessions::~Sessions() {
  thread_.reset();
  for (auto& [id, lease] : leases_)
    lease.handle->leave();
}

// The client library gives a host that does not answer two thirds of the session's time; here each
// gets its share of the call's.
std::shared_ptr<Handle> Sessions::connect(const What& what, const Handle::Wish& wish,
                                          Env::TimePoint deadline) {
  Env& env = client_.env();
  const std::size_t count = wish.hosts.size();
  std::size_t first = 0;
  {
    const std::lock_guard lock(mutex_);
    first = next_host_;
  }
  for (std::size_t i = 0; i < count; ++i) {
    Handle::Wish turned = wish;
    const auto turn = static_cast<std::ptrdiff_t>((first + i) % count);
    std::rotate(turned.hosts.begin(), turned.hosts.begin() + turn, turned.hosts.end());
    const auto now = env.now();
    const auto share = (deadline - now) / static_cast<std::int64_t>(count - i);
    auto handle = std::make_shared<Handle>(env, client_.options(), news_, turned);
    if (handle->connected_by(now + share)) {
      const std::lock_guard lock(mutex_);
      next_host_ = (first + i) % count;
      return handle;
    }
    if (handle->refused()) client_.fail(what, Errc::kDenied, zerror(ZAUTHFAILED));
    if (handle->over()) client_.fail(what, Errc::kSessionLost, zerror(ZSESSIONEXPIRED));
    handle->leave();
  }
  client_.fail(what, Errc::kUnreachable, "no server answers in time");
}

void Sessions::write_record(const What& what, Handle& handle) {
  const auto identity = handle.identity();
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(handle.granted()).count();
  Transaction transaction;
  transaction.create(client_.paths().session(identity.id), identity.password + std::to_string(time),
                     true);
  for (;; client_.check_time(what)) {
    const Reply reply = client_.write(what, &handle, transaction);
    if (reply.rc == ZOK || reply.rc == ZNODEEXISTS) return;
    client_.lay(what, {}, {});
  }
}

void Sessions::add(const std::shared_ptr<Handle>& handle, Env::TimePoint opened) {
  const auto session = handle->granted();
  const Lease lease{handle, Proof(opened, session), session, opened + Proof::lease(session),
                    handle->lost_at()};
  {
    const std::lock_guard lock(mutex_);
    leases_.insert_or_assign(id_of(*handle), lease);
    if (thread_) return changed_->set();
  }
  auto thread = client_.env().spawn("tooz-zookeeper",
                                    [this](const std::stop_token& stop) { end_overdue(stop); });
  const std::lock_guard lock(mutex_);
  if (!thread_) thread_.swap(thread);
}

Session Sessions::open(const What& what, Env::Duration wanted) {
  const auto opened = client_.env().now();
  const auto handle = connect(what, {client_.hosts(), Proof::session(wanted), {}}, what.deadline);
  write_record(what, *handle);
  const Session session{id_of(*handle), Proof::lease(handle->granted())};
  add(handle, opened);
  return session;
}

std::optional<Handle::Wish> Sessions::record(const What& what, SessionId session) {
  const auto id = static_cast<std::int64_t>(session);
  const auto path = client_.paths().session(id);
  const Reply reply = client_.read(what, [&](Batch& batch) { batch.get(path); }).front();
  if (reply.rc == ZNONODE || reply.data.size() <= kPassword) return std::nullopt;
  const auto time = std::strtol(reply.data.c_str() + kPassword, nullptr, 10);
  return Handle::Wish{
      client_.hosts(), std::chrono::milliseconds(time), {id, reply.data.substr(0, kPassword)}};
}

std::shared_ptr<Handle> Sessions::take_over(const What& what, SessionId session) {
  const auto begun = client_.env().now();
  {
    const std::lock_guard lock(mutex_);
    if (ended_.contains(session)) client_.fail(what, Errc::kSessionLost, "its time is over");
  }
  const auto wish = record(what, session);
  if (!wish) client_.fail(what, Errc::kSessionLost, "the servers do not know it");
  auto handle = connect(what, *wish, what.deadline);
  add(handle, begun);
  return handle;
}

std::shared_ptr<Handle> Sessions::handle(const What& what, SessionId session) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = leases_.find(session);
    if (found != leases_.end()) return found->second.handle;
  }
  return take_over(what, session);
}

std::shared_ptr<Handle> Sessions::forget(SessionId session) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(session);
  if (found == leases_.end()) return nullptr;
  auto handle = std::move(found->second.handle);
  leases_.erase(found);
  return handle;
}

void Sessions::lost(const What& what, SessionId session) {
  forget(session);
  client_.fail(what, Errc::kSessionLost, zerror(ZSESSIONEXPIRED));
}

// False: not by `deadline`.
bool Sessions::answered(const What& what, Handle& handle, SessionId session,
                        Env::TimePoint deadline) {
  if (!handle.connected_by(deadline)) {
    if (handle.over()) lost(what, session);
    return false;
  }
  Batch batch(client_.env(), client_.options(), handle);
  batch.sync(client_.options().root);  // by way of the leader, which looks at the session
  const int rc = batch.wait(deadline).front().rc;
  if (rc == ZOK || rc == ZNONODE) return true;
  if (rc == ZSESSIONEXPIRED || handle.over()) lost(what, session);
  if (!is_lost(rc)) client_.fail(what, rc);
  return false;
}

// To another server, without the patience that the library has with one that is silent.
void Sessions::move(const What& what, SessionId session, const std::shared_ptr<Handle>& from) {
  Handle::Wish wish{client_.hosts(), {}, from->identity()};
  {
    const std::lock_guard lock(mutex_);
    const auto found = leases_.find(session);
    if (found == leases_.end()) return;
    wish.session = found->second.session;
    ++next_host_;
  }
  const auto handle = connect(what, wish, what.deadline);
  from->leave();
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(session);
  if (found != leases_.end()) found->second.handle = handle;
}

Env::Duration Sessions::extend(SessionId session, Env::TimePoint sent) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(session);
  if (found == leases_.end()) return Env::Duration::zero();
  Lease& lease = found->second;
  const auto lost_at = lease.handle->lost_at();
  if (lost_at > lease.let_in) {
    lease.let_in = lost_at;
    if (lost_at <= sent) lease.proof.let_in(lost_at);
  }
  const auto left = lease.proof.answered(sent);
  lease.end = std::max(lease.end, sent + left);
  return left;
}

Env::Duration Sessions::renew(const What& what, SessionId session) {
  Env& env = client_.env();
  for (;; client_.check_time(what)) {
    const auto handle = this->handle(what, session);
    const auto sent = env.now();
    const bool elsewhere = client_.hosts().size() > 1;
    const auto patience = elsewhere ? sent + (what.deadline - sent) / 2 : what.deadline;
    if (answered(what, *handle, session, patience)) {
      const auto left = extend(session, sent);
      if (left > Env::Duration::zero()) return left;
      client_.fail(what, Errc::kUnreachable, "the leader has not been heard for too long");
    }
    if (elsewhere && env.now() >= patience) move(what, session, handle);
  }
}

void Sessions::close(const What& what, SessionId session) {
  auto handle = forget(session);
  if (!handle) {
    const auto wish = record(what, session);
    if (!wish) return;
    try {
      handle = connect(what, *wish, what.deadline);
    } catch (const Error& error) {
      if (error.code() == Errc::kSessionLost) return;
      throw;
    }
  }
  if (!handle->connected_by(what.deadline) && !handle->over()) {
    handle->leave();
    client_.fail(what, Errc::kUnreachable, "no connection in time");
  }
  handle.reset();
  // The request was sent; its nodes go together when it is done.
  const auto path = client_.paths().session(static_cast<std::int64_t>(session));
  News::Ticket ticket(client_.env(), client_.news());
  ticket.watch(path);
  for (;; client_.check_time(what)) {
    const auto replies =
        client_.read(what, [&](Batch& batch) { batch.exists(path, Batch::Watch::kYes); });
    if (replies.front().rc == ZNONODE) return;
    ticket.wait_until(what.deadline, {});
  }
}

// The body of the thread: a lease that nobody has renewed in time ends now.
void Sessions::end_overdue(const std::stop_token& stop) {
  Env& env = client_.env();
  while (!stop.stop_requested()) {
    const auto now = env.now();
    auto next = now + kLookAgain;
    std::vector<std::shared_ptr<Handle>> overdue;
    {
      const std::lock_guard lock(mutex_);
      for (auto one = leases_.begin(); one != leases_.end();) {
        if (one->second.end > now) {
          next = std::min(next, one->second.end);
          ++one;
          continue;
        }
        overdue.push_back(std::move(one->second.handle));
        ended_.insert(one->first);
        one = leases_.erase(one);
      }
      while (ended_.size() > kMostEnded)
        ended_.erase(ended_.begin());
    }
    if (!overdue.empty())
      base::log_info("tooz.zookeeper", "a lease that nobody has renewed is ended");
    overdue.clear();
    changed_->wait_until(next, stop);
  }
}

}  // namespace tooz::zookeeper
