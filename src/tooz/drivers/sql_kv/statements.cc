#include "tooz/drivers/sql_kv/statements.h"

namespace tooz::sql_kv {
namespace {

constexpr std::string_view kRevision = "(SELECT revision FROM tooz_cc_state WHERE id = 1)";
constexpr std::string_view kNoteEndedKeys =
    "INSERT INTO tooz_cc_change (revision, name, created) SELECT s.revision, k.name, 0"
    " FROM tooz_cc_state s, tooz_cc_session n, tooz_cc_key k"
    " WHERE s.id = 1 AND n.ends <= s.swept AND k.owner = n.id";
constexpr std::string_view kSwept = "(SELECT swept FROM tooz_cc_state WHERE id = 1)";

std::string text(std::string_view a) { return std::string(a); }
template <class... More>
std::string text(std::string_view first, const More&... more) {
  return std::string(first).append(text(more...));
}

}  // namespace

std::string end_of_prefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff')
    end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::string Statements::under(std::string_view column, std::string_view prefix) const {
  if (prefix.empty()) return "1 = 1";
  std::string condition = text(column, " >= ", sql(prefix));
  if (const std::string end = end_of_prefix(prefix); !end.empty())
    condition += text(" AND ", column, " < ", sql(end));
  return condition;
}

std::string Statements::holds(const Guard& guard) const {
  std::string conditions;
  if (!guard.present.empty())
    conditions +=
        text(" AND EXISTS (SELECT 1 FROM tooz_cc_key p WHERE p.name = ", sql(guard.present), ")");
  if (!guard.empty_prefix.empty())
    conditions +=
        text(" AND NOT EXISTS (SELECT 1 FROM tooz_cc_key e WHERE ",
             under("e.name", guard.empty_prefix), " AND e.name <> ", sql(guard.empty_prefix), ")");
  return conditions;
}

std::vector<std::string> Statements::begin_write() const {
  return {"SELECT revision FROM tooz_cc_state WHERE id = 1 FOR UPDATE",
          text("UPDATE tooz_cc_state SET revision = revision + 1, swept = ", dialect_.now,
               " WHERE id = 1"),
          // Whoever renews one of these at this moment comes before us or finds it gone.
          text("SELECT id FROM tooz_cc_session WHERE ends <= ", kSwept, " FOR UPDATE"),
          std::string(kNoteEndedKeys), text(dialect_.drop_ended_keys),
          text("DELETE FROM tooz_cc_session WHERE ends <= ", kSwept),
          text("DELETE FROM tooz_cc_change WHERE revision <= ", kRevision, " - ",
               std::to_string(kKeptRevisions))};
}

Batch Statements::finish(std::vector<std::string> statements, std::size_t answer) const {
  if (!dialect_.announce.empty()) statements.emplace_back(dialect_.announce);
  return {std::move(statements), answer, false};
}

std::string Statements::note_change(std::string_view key) const {
  return text(
      "INSERT INTO tooz_cc_change (revision, name, created) SELECT k.revision, k.name, k.created"
      " FROM tooz_cc_key k WHERE k.name = ",
      sql(key), " AND k.revision = ", kRevision);
}

// A session that ends later than a whole lease from now was counted by a clock that has been put
// back since, or by another server's: it gets its lease from now on.
Batch Statements::open_session(std::uint64_t id, std::int64_t ttl) const {
  return {{text("UPDATE tooz_cc_session SET ends = ttl + ", dialect_.now, " WHERE ends - ttl > ",
                dialect_.now),
           text("INSERT INTO tooz_cc_session (id, ttl, ends) VALUES (", std::to_string(id), ", ",
                std::to_string(ttl), ", ", std::to_string(ttl), " + ", dialect_.now, ")")},
          1,
          false};
}

Batch Statements::renew(std::uint64_t id) const {
  const std::string number = std::to_string(id);
  return {
      {text("UPDATE tooz_cc_session SET ends = ttl + ", dialect_.now, " WHERE id = ", number,
            " AND ends > ", dialect_.now),
       text("SELECT ttl FROM tooz_cc_session WHERE id = ", number, " AND ends > ", dialect_.now)},
      1,
      true};
}

Batch Statements::close_session(std::uint64_t id) const {
  auto statements = begin_write();
  statements.insert(statements.begin() + 1,
                    text("UPDATE tooz_cc_session SET ends = 0 WHERE id = ", std::to_string(id)));
  Batch batch = finish(std::move(statements), 0);
  batch.repeatable = true;
  return batch;
}

Batch Statements::create(const Write& write) const {
  const std::string owner = std::to_string(write.owner);
  auto statements = begin_write();
  std::string insert = text(
      "INSERT INTO tooz_cc_key (name, value, owner, created, revision) SELECT ", sql(write.key),
      ", ", sql(write.value), ", ", owner, ", s.revision, s.revision FROM tooz_cc_state s",
      " WHERE s.id = 1 AND NOT EXISTS (SELECT 1 FROM tooz_cc_key k WHERE k.name = ", sql(write.key),
      ")", holds(write.guard));
  if (write.owner != 0)
    insert += text(" AND EXISTS (SELECT 1 FROM tooz_cc_session n WHERE n.id = ", owner, ")");
  statements.push_back(std::move(insert));
  statements.push_back(note_change(write.key));
  statements.push_back(text(
      "SELECT ", dialect_.standby,
      ", s.revision, (SELECT COUNT(*) FROM tooz_cc_key k WHERE k.name = ", sql(write.key),
      " AND k.revision = s.revision), (SELECT COUNT(*) FROM tooz_cc_session n WHERE n.id = ", owner,
      ") FROM tooz_cc_state s WHERE s.id = 1"));
  const std::size_t answer = statements.size() - 1;
  return finish(std::move(statements), answer);
}

Batch Statements::replace(const Write& write) const {
  auto statements = begin_write();
  statements.push_back(text("UPDATE tooz_cc_key SET value = ", sql(write.value),
                            ", revision = ", kRevision, " WHERE name = ", sql(write.key),
                            " AND revision = ", std::to_string(write.expected)));
  statements.push_back(note_change(write.key));
  statements.push_back(
      text("SELECT ", dialect_.standby,
           ", s.revision, (SELECT COUNT(*) FROM tooz_cc_key k WHERE k.name = ", sql(write.key),
           " AND k.revision = s.revision) FROM tooz_cc_state s WHERE s.id = 1"));
  const std::size_t answer = statements.size() - 1;
  return finish(std::move(statements), answer);
}

// What is noted is removed: MySQL deletes from no table that the conditions look at.
Batch Statements::remove(const Write& write) const {
  const std::string that =
      text("k.name = ", sql(write.key), " AND k.revision = ", std::to_string(write.expected));
  auto statements = begin_write();
  statements.push_back(text("INSERT INTO tooz_cc_change (revision, name, created)",
                            " SELECT s.revision, k.name, 0 FROM tooz_cc_state s, tooz_cc_key k",
                            " WHERE s.id = 1 AND ", that, holds(write.guard)));
  statements.push_back(text("DELETE FROM tooz_cc_key WHERE name = ", sql(write.key),
                            " AND revision = ", std::to_string(write.expected),
                            " AND EXISTS (SELECT 1 FROM tooz_cc_change c WHERE",
                            " c.revision = ", kRevision, " AND c.name = ", sql(write.key), ")"));
  const std::size_t answer = statements.size() - 1;
  return finish(std::move(statements), answer);
}

// None that reads sorts: MariaDB and MySQL would make a table on the disk for it, as values and
// names are long; and MariaDB 10.11.19 was seen to crash there (in ha_maria::extra).
Batch Statements::read(const std::string& which, Sweep sweep) const {
  const std::string query =
      text("SELECT ", dialect_.standby, ", s.revision, k.name, k.value, k.owner, k.created,",
           " k.revision, CASE WHEN n.ends <= ", dialect_.now, " THEN 1 ELSE 0 END",
           " FROM tooz_cc_state s LEFT JOIN tooz_cc_key k ON ", which,
           " LEFT JOIN tooz_cc_session n ON n.id = k.owner WHERE s.id = 1");
  if (sweep == Sweep::kNo) return {{query}, 0, true};
  auto statements = begin_write();
  statements.push_back(query);
  const std::size_t answer = statements.size() - 1;
  Batch batch = finish(std::move(statements), answer);
  batch.repeatable = true;
  return batch;
}

Batch Statements::get(std::string_view key, Sweep sweep) const {
  return read(text("k.name = ", sql(key)), sweep);
}

Batch Statements::list(std::string_view prefix, Sweep sweep) const {
  return read(under("k.name", prefix), sweep);
}

Batch Statements::sweep() const {
  Batch batch = finish(begin_write(), 0);
  batch.repeatable = true;
  return batch;
}

Batch Statements::look(std::string_view prefix, Revision at) const {
  return {{text("SELECT ", dialect_.standby, ", s.revision, (SELECT COUNT(*) FROM tooz_cc_change c",
                " WHERE c.revision > ", std::to_string(at), " AND ", under("c.name", prefix),
                "), COALESCE((SELECT MIN(n.ends) FROM tooz_cc_key k JOIN tooz_cc_session n",
                " ON n.id = k.owner WHERE ", under("k.name", prefix), "), 0), ", dialect_.now,
                " FROM tooz_cc_state s WHERE s.id = 1")},
          0,
          true};
}

Batch Statements::changes(Revision after) const {
  return {
      {text("SELECT ", dialect_.standby, ", s.revision, c.revision, c.name FROM tooz_cc_state s",
            " LEFT JOIN tooz_cc_change c ON c.revision > ", std::to_string(after),
            " WHERE s.id = 1")},
      0,
      true};
}

Batch Statements::told(std::string_view prefix, Revision after) const {
  return {
      {text("SELECT ", dialect_.standby, ", s.revision, c.revision, c.name, c.created, k.value,",
            " k.owner FROM tooz_cc_state s LEFT JOIN tooz_cc_change c ON c.revision > ",
            std::to_string(after), " AND ", under("c.name", prefix),
            " LEFT JOIN tooz_cc_key k ON k.name = c.name AND k.revision = c.revision",
            " AND c.created <> 0 WHERE s.id = 1")},
      0,
      true};
}

// The third column is asked for only to be there: tables of an earlier version had none of it.
Batch Statements::origin() const {
  return {
      {"SELECT origin, history, (SELECT MAX(c.created) FROM tooz_cc_change c WHERE c.revision < 0)"
       " FROM tooz_cc_state WHERE id = 1"},
      0,
      true};
}

Batch Statements::new_origin(std::string_view origin, std::string_view history,
                             std::string_view before) const {
  return {{text("UPDATE tooz_cc_state SET origin = ", sql(origin), ", history = ", sql(history),
                " WHERE id = 1 AND history = ", sql(before))},
          0,
          true};
}

}  // namespace tooz::sql_kv
