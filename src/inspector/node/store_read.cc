#include "base/log.h"
#include "inspector/node/row.h"
#include "inspector/node/store.h"
#include "sql/time.h"

#include <algorithm>

namespace inspector {
namespace {

using sql::Access;
using sql::Transaction;

/// No database keeps a text with a NUL in it, so nothing equals it.
bool storable(std::string_view text) { return text.find('\0') == std::string_view::npos; }

/// Appends to `parameters` and returns their placeholders: `:p3, :p4`.
std::string placeholders(std::span<const sql::Value> values, std::vector<sql::Value>& parameters) {
  std::string text;
  for (const auto& value : values) {
    parameters.push_back(value);
    if (!text.empty()) text += ", ";
    text += ":p" + std::to_string(parameters.size());
  }
  return text;
}

std::vector<sql::Value> names_of(std::span<const State> states) {
  std::vector<sql::Value> names;
  for (const State state : states)
    names.emplace_back(std::string(name(state)));
  return names;
}

std::string select_nodes(const std::string& rest) {
  return "SELECT " + std::string(kNodeColumns) + " FROM nodes " + rest;
}

/// Everything that is listed after the marker; its own position is the pair (started_at, uuid),
/// nodes that never started come last.
std::string after_marker(const Node& marker, std::vector<sql::Value>& parameters) {
  parameters.emplace_back(marker.uuid);
  const std::string uuid = ":p" + std::to_string(parameters.size());
  if (!marker.started_at) return "(started_at IS NULL AND uuid < " + uuid + ")";
  parameters.emplace_back(sql::to_text(*marker.started_at));
  const std::string started = ":p" + std::to_string(parameters.size());
  return "(started_at < " + started + " OR (started_at = " + started + " AND uuid < " + uuid +
         ") OR started_at IS NULL)";
}

struct Listing {
  std::vector<Node> nodes;
  std::vector<std::string> unreadable;
};

Listing read_rows(Transaction& t, std::string_view statement,
                  std::span<const sql::Value> parameters) {
  Listing listing;
  for (const sql::Row& row : t.query(statement, parameters)) {
    try {
      listing.nodes.push_back(read_node(row));
    } catch (const sql::Error& e) {
      listing.unreadable.emplace_back(e.what());
    }
  }
  return listing;
}

void warn(const Listing& listing) {
  for (const std::string& why : listing.unreadable)
    base::log_warning("inspector.node", "A node is left out, its row cannot be read",
                      {{"reason", why}});
}

using Scores = std::map<std::string, std::int64_t>;

constexpr std::size_t kValuesAtOnce = 500;  ///< SQLite takes 32766 parameters, PostgreSQL 65535

void add_scores(Transaction& t, const std::string& name, std::span<const sql::Value> values,
                Scores& scores) {
  std::vector<sql::Value> parameters = {name};
  const std::string list = placeholders(values, parameters);
  const auto rows = t.query(
      "SELECT node_uuid, COUNT(*) FROM attributes WHERE name = :p1 AND node_uuid IS NOT NULL "
      "AND value IN (" +
          list + ") GROUP BY node_uuid",
      parameters);
  for (const sql::Row& row : rows)
    scores[row.text(0)] += row.integer(1);
}

std::vector<std::string> winners(const Scores& scores) {
  std::int64_t best = 0;
  for (const auto& [uuid, score] : scores)
    best = std::max(best, score);
  std::vector<std::string> uuids;
  for (const auto& [uuid, score] : scores)
    if (score == best) uuids.push_back(uuid);
  return uuids;
}

/// MySQL has no words for it, and sorts so by itself.
std::string newest_first(sql::Dialect dialect) {
  return dialect == sql::Dialect::kMysql ? " ORDER BY started_at DESC, uuid DESC"
                                         : " ORDER BY started_at DESC NULLS LAST, uuid DESC";
}

}  // namespace

std::optional<Node> NodeStore::get(std::string_view uuid) {
  std::optional<Node> node;
  if (!storable(uuid)) return node;
  database_.run(Access::kReadOne, [&](Transaction& t) { node = find_node(t, uuid); });
  return node;
}

std::optional<std::vector<Node>> NodeStore::list(const Page& page) {
  std::optional<Listing> listing;
  if (!storable(page.marker)) return std::nullopt;
  database_.run(Access::kRead, [&](Transaction& t) {
    listing.reset();
    std::vector<sql::Value> parameters;
    std::string conditions;
    if (!page.marker.empty()) {
      const auto marker = find_node(t, page.marker);
      if (!marker) return;
      conditions = "WHERE " + after_marker(*marker, parameters);
    }
    if (!page.states.empty())
      conditions += (conditions.empty() ? "WHERE state IN (" : " AND state IN (") +
                    placeholders(names_of(page.states), parameters) + ")";
    parameters.emplace_back(static_cast<std::int64_t>(page.limit));
    listing = read_rows(t,
                        select_nodes(conditions + newest_first(t.dialect()) + " LIMIT :p" +
                                     std::to_string(parameters.size())),
                        parameters);
  });
  if (!listing) return std::nullopt;
  warn(*listing);
  return std::move(listing->nodes);
}

std::vector<std::string> NodeStore::all_uuids(std::string_view after, std::size_t limit) {
  std::vector<std::string> uuids;
  database_.run(Access::kRead, [&](Transaction& t) {
    uuids.clear();
    const auto rows = t.query("SELECT uuid FROM nodes WHERE uuid > :p1 ORDER BY uuid LIMIT :p2",
                              {std::string(after), static_cast<std::int64_t>(limit)});
    for (const sql::Row& row : rows)
      uuids.push_back(row.text(0));
  });
  return uuids;
}

std::vector<Node> NodeStore::read_many(std::string_view statement,
                                       std::vector<sql::Value> parameters) {
  Listing listing;
  database_.run(Access::kReadOne,
                [&](Transaction& t) { listing = read_rows(t, statement, parameters); });
  warn(listing);
  return std::move(listing.nodes);
}

std::vector<Node> NodeStore::overdue(WallTime when, const Node* after, std::size_t limit) {
  const std::int64_t micros =
      std::chrono::duration_cast<std::chrono::microseconds>(when.time_since_epoch()).count();
  std::vector<sql::Value> parameters = {sql::to_text(when), micros,
                                        static_cast<std::int64_t>(limit)};
  std::string behind;
  if (after != nullptr && after->started_at) {
    parameters.emplace_back(sql::to_text(*after->started_at));
    parameters.emplace_back(after->uuid);
    behind = "AND (started_at > :p4 OR (started_at = :p4 AND uuid > :p5)) ";
  }
  return read_many(
      select_nodes("WHERE finished_at IS NULL AND started_at < :p1 AND NOT EXISTS "
                   "(SELECT 1 FROM cc_boot b WHERE b.node_uuid = nodes.uuid AND b.since >= :p2) "
                   "AND NOT EXISTS (SELECT 1 FROM cc_operation o WHERE o.node_uuid = nodes.uuid "
                   "AND o.step = 'queued') " +
                   behind + "ORDER BY started_at, uuid LIMIT :p3"),
      parameters);
}

std::vector<Node> NodeStore::abandoned(std::string_view after, std::size_t limit) {
  std::vector<State> states;
  for (const State state : all_states())
    if (is_active(state)) states.push_back(state);
  std::vector<sql::Value> parameters = {std::string(after), static_cast<std::int64_t>(limit)};
  const std::string list = placeholders(names_of(states), parameters);
  return read_many(select_nodes("WHERE uuid > :p1 AND state IN (" + list +
                                ") AND NOT EXISTS (SELECT 1 FROM cc_operation o WHERE o.node_uuid "
                                "= nodes.uuid) ORDER BY uuid LIMIT :p2"),
                   parameters);
}

bool NodeStore::auto_discovered(std::string_view uuid) {
  bool found = false;
  database_.run(Access::kRead, [&](Transaction& t) {
    found = !t.query("SELECT name FROM options WHERE uuid = :p1 AND name = 'auto_discovered'",
                     {std::string(uuid)})
                 .empty();
  });
  return found;
}

std::set<std::string> NodeStore::active_macs() {
  std::set<std::string> macs;
  database_.run(Access::kRead, [&](Transaction& t) {
    macs.clear();
    const auto rows =
        t.query("SELECT DISTINCT value FROM attributes WHERE name = 'mac' AND value IS NOT NULL");
    for (const sql::Row& row : rows)
      macs.insert(row.text(0));
  });
  return macs;
}

bool NodeStore::any_unfinished() {
  bool any = false;
  database_.run(Access::kRead, [&](Transaction& t) {
    any = !t.query("SELECT uuid FROM nodes WHERE finished_at IS NULL LIMIT 1").empty();
  });
  return any;
}

std::vector<std::string> NodeStore::lookup(const Attributes& seen) {
  std::map<std::string, std::vector<sql::Value>> distinct;
  for (const auto& [name, values] : seen)
    for (const std::string& value : std::set<std::string>(values.begin(), values.end()))
      if (storable(name) && storable(value)) distinct[name].emplace_back(value);
  Scores scores;
  database_.run(Access::kRead, [&](Transaction& t) {
    scores.clear();
    for (const auto& [name, values] : distinct)
      for (std::size_t i = 0; i < values.size(); i += kValuesAtOnce)
        add_scores(t, name,
                   std::span(values).subspan(i, std::min(kValuesAtOnce, values.size() - i)),
                   scores);
  });
  return winners(scores);
}

}  // namespace inspector
