#include "tooz/drivers/zookeeper/batch.h"

#include <zookeeper/zookeeper.h>

namespace tooz::zookeeper {

// Outlives the batch where answers are still to come.
struct Batch::Shared {
  explicit Shared(Env& env) : done(env.make_event()) {}

  std::mutex mutex;
  std::vector<Reply> replies;
  std::size_t open = 0;
  const std::unique_ptr<Env::Event> done;
};

// What the library holds for one request; its completion ends it.
struct Batch::Slot {
  std::shared_ptr<Shared> shared;
  std::size_t index;
  std::vector<zoo_op_result_t> results;
  std::vector<Stat> stats;

  static void end(const void* slot, Reply reply) {
    const std::unique_ptr<const Slot> self(static_cast<const Slot*>(slot));
    const std::lock_guard lock(self->shared->mutex);
    self->shared->replies[self->index] = std::move(reply);
    if (--self->shared->open == 0) self->shared->done->set();
  }
};

namespace {

NodeStat stat_of(const Stat* stat) {
  if (stat == nullptr) return {};
  return {stat->czxid,   stat->mzxid,          stat->pzxid,
          stat->version, stat->ephemeralOwner, stat->cversion};
}

void tell_node(zhandle_t* /*zh*/, int type, int /*state*/, const char* path, void* context) {
  if (type != ZOO_SESSION_EVENT) static_cast<News*>(context)->tell(path);
}

const ACL_vector* acl(bool open_to_all) {
  return open_to_all ? &ZOO_OPEN_ACL_UNSAFE : &ZOO_CREATOR_ALL_ACL;
}

zoo_op_t operation(const Transaction::Step& step, const ACL_vector* rights, Stat* stat) {
  zoo_op_t op{};
  const auto size = static_cast<int>(step.data.size());
  switch (step.kind) {
    case Transaction::Kind::kCheck:
      zoo_check_op_init(&op, step.path.c_str(), step.version);
      break;
    case Transaction::Kind::kSet:
      zoo_set_op_init(&op, step.path.c_str(), step.data.data(), size, step.version, stat);
      break;
    case Transaction::Kind::kCreate:
      zoo_create_op_init(&op, step.path.c_str(), step.data.data(), size, rights,
                         step.ephemeral ? ZOO_EPHEMERAL : ZOO_PERSISTENT, nullptr, 0);
      break;
    case Transaction::Kind::kRemove:
      zoo_delete_op_init(&op, step.path.c_str(), step.version);
      break;
  }
  return op;
}

// In a transaction that failed, the step that made it fail is the only one with an error of its
// own.
Reply of_transaction(int rc, const std::vector<zoo_op_result_t>& results,
                     const std::vector<Stat>& stats) {
  Reply reply{.rc = rc};
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (rc != ZOK && results[i].err == rc) {
      reply.failed_step = i;
      break;
    }
    if (rc == ZOK && stats[i].mzxid != 0) reply.zxid = stats[i].mzxid;
  }
  return reply;
}

}  // namespace

Batch::Batch(Env& env, const Options& options, Handle& handle)
    : open_to_all_(options.credentials.empty()),
      handle_(handle),
      shared_(std::make_shared<Shared>(env)) {}

Batch::Slot* Batch::add() {
  auto slot = std::make_unique<Slot>(Slot{shared_, 0, {}, {}});
  const std::lock_guard lock(shared_->mutex);
  slot->index = shared_->replies.size();
  shared_->replies.push_back({.rc = ZOPERATIONTIMEOUT});
  ++shared_->open;
  return slot.release();
}

// A request that could not even be queued has no completion.
void Batch::sent(int rc, Slot* slot) {
  if (rc != ZOK) Slot::end(slot, {.rc = rc});
}

void Batch::sync(const std::string& path) {
  Slot* slot = add();
  sent(zoo_async(
           handle_.raw(), path.c_str(),
           [](int rc, const char* /*path*/, const void* data) { Slot::end(data, {.rc = rc}); },
           slot),
       slot);
}

void Batch::exists(const std::string& path, Watch watch) {
  Slot* slot = add();
  sent(
      zoo_awexists(
          handle_.raw(), path.c_str(), watch == Watch::kYes ? &tell_node : nullptr, &handle_.news(),
          [](int rc, const Stat* stat, const void* data) {
            Slot::end(data, {.rc = rc, .stat = stat_of(rc == ZOK ? stat : nullptr)});
          },
          slot),
      slot);
}

void Batch::get(const std::string& path) {
  Slot* slot = add();
  sent(zoo_awget(
           handle_.raw(), path.c_str(), nullptr, nullptr,
           [](int rc, const char* value, int size, const Stat* stat, const void* data) {
             Reply reply{.rc = rc, .stat = stat_of(rc == ZOK ? stat : nullptr)};
             if (rc == ZOK && size > 0) reply.data.assign(value, static_cast<std::size_t>(size));
             Slot::end(data, std::move(reply));
           },
           slot),
       slot);
}

void Batch::children(const std::string& path, Watch watch) {
  Slot* slot = add();
  sent(
      zoo_awget_children2(
          handle_.raw(), path.c_str(), watch == Watch::kYes ? &tell_node : nullptr, &handle_.news(),
          [](int rc, const String_vector* names, const Stat* stat, const void* data) {
            Reply reply{.rc = rc, .stat = stat_of(rc == ZOK ? stat : nullptr)};
            if (rc == ZOK && names != nullptr)
              reply.children.assign(names->data, names->data + names->count);
            Slot::end(data, std::move(reply));
          },
          slot),
      slot);
}

void Batch::create(const std::string& path, const std::string& data, Kind kind) {
  Slot* slot = add();
  const int mode = kind == Kind::kEphemeral   ? ZOO_EPHEMERAL
                   : kind == Kind::kContainer ? ZOO_CONTAINER
                                              : ZOO_PERSISTENT;
  // The library reads the answer to the making of a container right in this form only.
  sent(zoo_acreate2(
           handle_.raw(), path.c_str(), data.data(), static_cast<int>(data.size()),
           acl(open_to_all_), mode,
           [](int rc, const char* /*path*/, const Stat* stat, const void* context) {
             Slot::end(context, {.rc = rc, .stat = stat_of(rc == ZOK ? stat : nullptr)});
           },
           slot),
       slot);
}

void Batch::run(const Transaction& transaction) {
  Slot* slot = add();
  const auto& steps = transaction.steps();
  slot->results.resize(steps.size());
  slot->stats.resize(steps.size());
  std::vector<zoo_op_t> operations;
  for (std::size_t i = 0; i < steps.size(); ++i)
    operations.push_back(operation(steps[i], acl(open_to_all_), &slot->stats[i]));
  sent(zoo_amulti(
           handle_.raw(), static_cast<int>(operations.size()), operations.data(),
           slot->results.data(),
           [](int rc, const void* data) {
             const auto* self = static_cast<const Slot*>(data);
             Slot::end(data, of_transaction(rc, self->results, self->stats));
           },
           slot),
       slot);
}

std::vector<Reply> Batch::wait(Env::TimePoint deadline) {
  for (;;) {
    {
      const std::lock_guard lock(shared_->mutex);
      if (shared_->open == 0) return std::move(shared_->replies);
    }
    if (shared_->done->wait_until(deadline, {})) continue;
    const std::lock_guard lock(shared_->mutex);
    return shared_->replies;
  }
}

}  // namespace tooz::zookeeper
