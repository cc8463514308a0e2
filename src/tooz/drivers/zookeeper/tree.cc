#include "tooz/drivers/zookeeper/tree.h"

#include "base/log.h"

#include <zookeeper/zookeeper.h>

#include <algorithm>

namespace tooz::zookeeper {
namespace {

constexpr std::size_t kIdentity = 16;  // hex digits before the value
constexpr std::size_t kAtOnce = 256;   // requests under way

Revision latest(const auto& folders) {
  Revision last = 0;
  for (const auto& folder : folders)
    last = std::max<Revision>(last, folder.stat.latest());
  return last;
}

// Nullopt: not one of ours.
std::optional<Tree::Found> decoded(std::string key, const Reply& reply) {
  if (reply.data.size() < kIdentity) {
    base::log_warning("tooz.zookeeper", "a key that somebody else has written is skipped",
                      {{"key", key}});
    return std::nullopt;
  }
  return Tree::Found{.entry = {.key = std::move(key),
                               .value = reply.data.substr(kIdentity),
                               .owner = SessionId{static_cast<std::uint64_t>(reply.stat.owner)},
                               .created = reply.stat.created,
                               .revision = reply.stat.modified},
                     .identity = reply.data.substr(0, kIdentity),
                     .version = reply.stat.version};
}

}  // namespace

std::optional<Tree::Found> Tree::find(const What& what, std::string_view key) {
  const auto path = client_.paths().key(key);
  const Reply reply = client_.read(what, [&](Batch& batch) { batch.get(path); }).front();
  if (reply.rc == ZNONODE) return std::nullopt;
  return decoded(std::string(key), reply);
}

std::optional<Entry> Tree::get(const What& what, std::string_view key) {
  auto found = find(what, key);
  return found ? std::optional(std::move(found->entry)) : std::nullopt;
}

// Takes apart what the folders of one level hold; their own folders go to `next`.
Tree::Folders Tree::read_level(const What& what, Folders level, std::string_view prefix,
                               Folders& next, News::Ticket* ticket) {
  const auto watch = ticket == nullptr ? Batch::Watch::kNo : Batch::Watch::kYes;
  // The children come last: their answer shows all that was done before news of it was asked for,
  // also to the folder itself. Somebody may write between the two requests.
  const auto replies = client_.read(what, [&](Batch& batch) {
    for (const Folder& folder : level) {
      if (ticket != nullptr) batch.exists(folder.path, watch);
      batch.children(folder.path, watch);
    }
  });
  const std::size_t step = ticket == nullptr ? 1 : 2;
  Folders present;
  for (std::size_t i = 0; i < level.size(); ++i) {
    const Reply& reply = replies[i * step + step - 1];
    if (reply.rc == ZNONODE) continue;
    Folder folder = std::move(level[i]);
    folder.stat = reply.stat;
    for (const std::string& child : reply.children) {
      const auto name = unescaped(std::string_view(child).substr(1));
      if (!name || (child[0] != 'k' && child[0] != 'd')) continue;
      const bool inner = child[0] == 'd';
      std::string key = folder.prefix + *name + (inner ? "/" : "");
      if (!key.starts_with(prefix)) continue;
      if (inner)
        next.push_back({folder.path + "/" + child, std::move(key), {}, {}});
      else
        folder.leaves.push_back(std::move(key));
    }
    present.push_back(std::move(folder));
  }
  return present;
}

Tree::Folders Tree::walk(const What& what, std::string_view prefix, News::Ticket* ticket) {
  Folders level{{client_.paths().folder(prefix), std::string(folder_of(prefix)), {}, {}}};
  Folders all;
  while (!level.empty()) {
    if (ticket != nullptr)
      for (const Folder& folder : level)
        ticket->watch(folder.path);
    Folders next;
    for (Folder& folder : read_level(what, std::move(level), prefix, next, ticket))
      all.push_back(std::move(folder));
    level = std::move(next);
  }
  return all;
}

// Nullopt: one of them has changed since its folder was read. A folder is written with each change
// of a key in it, so a key with a later revision than the folder had is such a one.
std::optional<std::vector<Entry>> Tree::read_leaves(const What& what, const Folders& folders) {
  std::vector<std::pair<const Folder*, const std::string*>> wanted;
  for (const Folder& folder : folders)
    for (const std::string& leaf : folder.leaves)
      wanted.emplace_back(&folder, &leaf);
  std::vector<Entry> entries;
  for (std::size_t begin = 0; begin < wanted.size(); begin += kAtOnce) {
    const std::size_t end = std::min(wanted.size(), begin + kAtOnce);
    const auto replies = client_.read(what, [&](Batch& batch) {
      for (std::size_t i = begin; i < end; ++i)
        batch.get(client_.paths().key(*wanted[i].second));
    });
    for (std::size_t i = begin; i < end; ++i) {
      const Reply& reply = replies[i - begin];
      if (reply.rc == ZNONODE || reply.stat.modified > wanted[i].first->stat.latest())
        return std::nullopt;
      if (auto found = decoded(*wanted[i].second, reply))
        entries.push_back(std::move(found->entry));
    }
  }
  std::ranges::sort(entries, {}, &Entry::key);
  return entries;
}

// Each folder alone is read at one moment; several stood side by side if none has changed since.
bool Tree::unchanged(const What& what, const Folders& folders) {
  if (folders.size() < 2) return true;
  const auto replies = client_.read(what, [&](Batch& batch) {
    for (const Folder& folder : folders)
      batch.exists(folder.path);
  });
  for (std::size_t i = 0; i < folders.size(); ++i)
    if (replies[i].rc != ZOK || replies[i].stat.latest() != folders[i].stat.latest()) return false;
  return true;
}

// The last change that may have been the coming or going of the folder of `prefix`.
Revision Tree::latest_above(const What& what, std::string_view prefix) {
  std::vector<std::string> above = client_.paths().folders(prefix);
  if (!above.empty()) above.pop_back();
  above.insert(above.begin(), client_.paths().folder(""));
  const auto replies = client_.read(what, [&](Batch& batch) {
    for (const auto& path : above)
      batch.exists(path);
  });
  Revision last = 0;
  for (const Reply& reply : replies)
    if (reply.rc == ZOK) last = reply.stat.latest();
  return last;
}

Snapshot Tree::list(const What& what, std::string_view prefix) {
  std::optional<Revision> above;
  for (;; client_.check_time(what)) {
    const Folders folders = walk(what, prefix, nullptr);
    if (folders.empty()) {
      // Taken before the look that finds nothing: what comes into being in between is later.
      if (above) return {{}, *above};
      above = latest_above(what, prefix);
      continue;
    }
    auto entries = read_leaves(what, folders);
    if (!entries || !unchanged(what, folders)) continue;
    if (auto sight = sight_of(folders); sight && leaf_of(prefix).empty())
      sights_.keep(prefix, std::move(sight));
    return {std::move(*entries), latest(folders)};
  }
}

std::shared_ptr<const Sight> Tree::sight_of(const Folders& folders) {
  if (folders.size() != 1) return nullptr;
  auto sight = std::make_shared<Sight>(Sight{folders[0].stat, folders[0].leaves});
  std::ranges::sort(sight->keys);
  return sight;
}

std::optional<Changes> Tree::told(const What& what, std::string_view prefix, Revision at,
                                  News::Ticket& ticket) {
  const auto before = sights_.find(prefix, at);
  if (!before) return std::nullopt;
  for (;; client_.check_time(what)) {
    Folders folders = walk(what, prefix, &ticket);
    const auto now = sight_of(folders);
    if (!now || now->folder.created != before->folder.created) return std::nullopt;
    if (now->at() == at) return Changes{{}, at};
    const Difference difference(*before, *now);
    folders[0].leaves = difference.to_read();
    auto entries = read_leaves(what, folders);
    if (!entries) continue;
    sights_.keep(prefix, now);
    return difference.told(std::move(*entries));
  }
}

std::optional<int> Tree::version_if_empty(const What& what, std::string_view prefix) {
  const std::string counter = client_.paths().counter(prefix);
  const std::string outermost = client_.paths().folder(prefix);
  for (;; client_.check_time(what)) {
    // The counter before the keys: what is made after this raises it.
    const auto replies = client_.read(what, [&](Batch& batch) {
      batch.exists(counter);
      batch.children(outermost);
    });
    const Reply& reply = replies[0];
    if (reply.rc == ZNONODE) {
      client_.lay(what, {counter}, {});
      continue;
    }
    if (replies[1].children.empty()) return reply.stat.version;
    for (const Folder& folder : walk(what, prefix, nullptr))
      for (const std::string& key : folder.leaves)
        if (key != prefix) return std::nullopt;
    return reply.stat.version;
  }
}

// Who waits for one key of a long queue is not to be woken by the others.
bool Tree::alone(const What& what, std::string_view key) {
  const Folders folders = walk(what, key, nullptr);
  return folders.size() == 1 && folders.front().leaves == std::vector{std::string(key)};
}

bool Tree::watch(const What& what, std::string_view prefix, Revision at, News::Ticket& ticket) {
  const bool whole_folder = leaf_of(prefix).empty();
  if (!whole_folder && alone(what, prefix)) {
    const auto path = client_.paths().key(prefix);
    ticket.watch(path);
    const auto ask = [&](Batch& batch) { batch.exists(path, Batch::Watch::kYes); };
    const Reply reply = client_.read(what, ask).front();
    return reply.rc != ZOK || reply.stat.modified > at;
  }
  const Folders folders = walk(what, prefix, &ticket);
  const Revision last = folders.empty() ? latest_above(what, prefix) : latest(folders);
  return whole_folder ? last != at : last > at;
}

}  // namespace tooz::zookeeper
