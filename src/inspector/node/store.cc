#include "inspector/node/store.h"

#include "base/log.h"
#include "inspector/error.h"
#include "inspector/node/leftovers.h"
#include "inspector/node/row.h"
#include "inspector/uuid.h"
#include "sql/time.h"

#include <algorithm>

namespace inspector {
namespace {

using sql::Transaction;

sql::Value nullable(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  return *text;
}

/// No database keeps a NUL, and an error text may quote what a ramdisk sent.
std::optional<std::string> without_nul(std::optional<std::string> text) {
  if (text) std::replace(text->begin(), text->end(), '\0', ' ');
  return text;
}

struct AttributeRow {
  std::string uuid;
  std::string name;
  std::string value;
};

/// With identifiers of their own, drawn before the transaction.
std::vector<AttributeRow> rows_of(base::Env& env, const Attributes& attributes) {
  std::vector<AttributeRow> rows;
  for (const auto& [name, values] : attributes)
    for (const std::string& value : values)
      rows.push_back({random_uuid(env), name, value});
  return rows;
}

void insert_attributes(Transaction& t, const std::string& node,
                       const std::vector<AttributeRow>& rows) {
  for (const AttributeRow& row : rows)
    t.exec_soon(
        "INSERT INTO attributes (uuid, node_uuid, name, value) SELECT :p1, uuid, :p3, :p4 FROM "
        "nodes WHERE uuid = :p2 AND NOT EXISTS (SELECT 1 FROM attributes WHERE node_uuid = :p2 AND "
        "name = :p3 AND value = :p4)",
        {row.uuid, node, row.name, row.value});
}

void forget_lookup(Transaction& t, const std::string& node) {
  t.exec_soon("DELETE FROM attributes WHERE node_uuid = :p1", {node});
  t.exec_soon("DELETE FROM options WHERE uuid = :p1", {node});
}

State after(const Node& node, Event event) {
  if (const auto state = next(node.state, event)) return *state;
  throw Error(Errc::kBadRequest, "Can not transition from state '" + std::string(name(node.state)) +
                                     "' on event '" + std::string(name(event)) +
                                     "' (no defined transition)");
}

Node existing(Transaction& t, std::string_view uuid) {
  if (auto node = find_node(t, uuid)) return std::move(*node);
  throw Error(Errc::kNotFound, "Could not find node " + std::string(uuid) + " in cache");
}

sql::Value nullable(const std::optional<WallTime>& time) {
  if (!time) return nullptr;
  return sql::to_text(*time);
}

void save(Transaction& t, const Node& node) {
  t.exec_soon(
      "UPDATE nodes SET state = :p2, started_at = :p3, finished_at = :p4, error = :p5, "
      "manage_boot = :p6 WHERE uuid = :p1",
      {node.uuid, std::string(name(node.state)), nullable(node.started_at),
       nullable(node.finished_at), nullable(node.error), node.manage_boot});
}

/// Of a node that was not there when it was looked for. Made by another meanwhile, it is there for
/// the next attempt at the transaction.
void insert_node(Transaction& t, const Node& node) {
  const bool mysql = t.dialect() == sql::Dialect::kMysql;
  const std::string statement = std::string(
                                    "INSERT INTO nodes (uuid, state, started_at, manage_boot) "
                                    "VALUES (:p1, :p2, :p3, :p4)") +
                                (mysql ? "" : " ON CONFLICT (uuid) DO NOTHING");
  try {
    t.exec_soon(
        statement,
        {node.uuid, std::string(name(node.state)), nullable(node.started_at), node.manage_boot},
        [] { throw sql::Error(sql::Errc::kConflict, "the node was made meanwhile"); });
  } catch (const sql::Error& error) {
    if (error.code != sql::Errc::kDuplicate) throw;
    throw sql::Error(sql::Errc::kConflict, error.what());
  }
}

}  // namespace

/// `body` begins with the fence.
void NodeStore::transact(std::string_view uuid, const WriteUnder& under,
                         const std::function<void(sql::Transaction&)>& body) {
  try {
    database_.run(sql::Access::kWrite, [&](Transaction& t) {
      body(t);
      if (under.also) under.also(t);
    });
  } catch (const StaleToken& e) {
    ++stale_writes_;
    base::log_warning("inspector.node", "A write with a stale token was refused",
                      {{"node", uuid}, {"reason", e.what()}});
    throw;
  }
}

void NodeStore::write(std::string_view uuid, const WriteUnder& under,
                      const std::function<void(sql::Transaction&)>& body) {
  transact(uuid, under, [&](Transaction& t) {
    hold_fence(t, uuid, under.token);
    body(t);
  });
}

/// Of a node that must be there. `fence`: whether the transaction is probably the first one under
/// its lock; that only decides what is tried first.
void NodeStore::change(std::string_view uuid, const WriteUnder& under, Fence fence,
                       const std::function<void(sql::Transaction&, Node&)>& body) {
  transact(uuid, under, [&](Transaction& t) {
    std::optional<Node> node;
    if (fence == Fence::kHeld) node = find_fenced(t, uuid, under.token);
    if (!node) node = raise_and_find(t, uuid, under.token);
    if (!node) node = existing(t, uuid);
    body(t, *node);
  });
}

Node NodeStore::start(std::string_view uuid, bool manage_boot,
                      std::span<const std::string> bmc_addresses, const WriteUnder& under) {
  const WallTime now = sql::stored(env_.wall_time(), database_.dialect());
  const auto attributes =
      rows_of(env_, {{"bmc_address", std::vector(bmc_addresses.begin(), bmc_addresses.end())}});
  Node started;
  transact(uuid, under, [&](Transaction& t) {
    const auto before = raise_and_find(t, uuid, under.token);
    started = Node{.uuid = std::string(uuid),
                   .state = State::kStarting,
                   .started_at = now,
                   .manage_boot = manage_boot};
    if (before) {
      started.state = after(*before, Event::kStart);
      save(t, started);
      forget_attempt(t, started.uuid);
    } else {
      insert_node(t, started);
    }
    forget_lookup(t, started.uuid);
    t.exec_soon("DELETE FROM introspection_data WHERE uuid = :p1", {started.uuid});
    insert_attributes(t, started.uuid, attributes);
  });
  return started;
}

Node NodeStore::enroll(std::string_view uuid, const Attributes& attributes,
                       const WriteUnder& under) {
  Node enrolled{.uuid = std::string(uuid),
                .state = State::kEnrolling,
                .started_at = sql::stored(env_.wall_time(), database_.dialect())};
  const auto rows = rows_of(env_, attributes);
  transact(uuid, under, [&](Transaction& t) {
    if (raise_and_find(t, uuid, under.token))
      save(t, enrolled);
    else
      insert_node(t, enrolled);
    forget_lookup(t, enrolled.uuid);
    t.exec_soon("DELETE FROM introspection_data WHERE uuid = :p1", {enrolled.uuid});
    insert_attributes(t, enrolled.uuid, rows);
    t.exec_soon("INSERT INTO options (uuid, name, value) VALUES (:p1, 'auto_discovered', 'true')",
                {enrolled.uuid});
  });
  return enrolled;
}

void NodeStore::add_attributes(std::string_view uuid, const Attributes& attributes,
                               const WriteUnder& under) {
  const auto rows = rows_of(env_, attributes);
  change(uuid, under, Fence::kHeld,
         [&](Transaction& t, Node& node) { insert_attributes(t, node.uuid, rows); });
}

/// A report and an abort are the first that is done under their locks.
Node NodeStore::fire(std::string_view uuid, Event event, const WriteUnder& under) {
  const bool first = event == Event::kProcess || event == Event::kAbort;
  Node changed;
  change(uuid, under, first ? Fence::kNew : Fence::kHeld, [&](Transaction& t, Node& node) {
    node.state = after(node, event);
    save(t, node);
    changed = node;
  });
  return changed;
}

Node NodeStore::restart(std::string_view uuid, Event event, const WriteUnder& under) {
  const WallTime now = sql::stored(env_.wall_time(), database_.dialect());
  Node changed;
  change(uuid, under, Fence::kNew, [&](Transaction& t, Node& node) {
    node.state = after(node, event);
    node.started_at = now;
    save(t, node);
    drop_operations(t, node.uuid);
    changed = node;
  });
  return changed;
}

Node NodeStore::finish(std::string_view uuid, Event event, std::optional<std::string> error,
                       const WriteUnder& under) {
  const WallTime now = sql::stored(env_.wall_time(), database_.dialect());
  error = without_nul(std::move(error));
  Node changed;
  change(uuid, under, Fence::kHeld, [&](Transaction& t, Node& node) {
    node.state = after(node, event);
    node.finished_at = now;
    node.error = error;
    save(t, node);
    forget_lookup(t, node.uuid);
    changed = node;
  });
  return changed;
}

bool NodeStore::remove(std::string_view uuid, const WriteUnder& under) {
  bool removed = false;
  write(uuid, under, [&](Transaction& t) {
    const std::string node(uuid);
    forget_lookup(t, node);
    forget_attempt(t, node);
    t.exec_soon("DELETE FROM introspection_data WHERE uuid = :p1", {node});
    removed = t.exec("DELETE FROM nodes WHERE uuid = :p1", {node}) > 0;
  });
  return removed;
}

}  // namespace inspector
