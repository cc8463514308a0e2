#include "tooz/drivers/memcached/pulse.h"

#include <charconv>
#include <map>

namespace tooz::memcached {
namespace {

constexpr std::size_t kMost = 256;
constexpr std::string_view kGone = "-";
constexpr int kMarkSeconds = 86'400;  // rubbish goes

std::string beat_key(std::string_view origin, SessionId session) {
  return "tooz-cc:beat:" + std::string(origin) + ":" +
         std::to_string(static_cast<std::uint64_t>(session));
}
std::string mark_key(std::string_view origin, SessionId session) {
  return "tooz-cc:mark:" + std::string(origin) + ":" +
         std::to_string(static_cast<std::uint64_t>(session));
}

using Items = std::map<std::string, Item, std::less<>>;
Items by_key(std::vector<Item> items) {
  Items all;
  for (Item& item : items)
    all.emplace(item.key, std::move(item));
  return all;
}

std::vector<SessionId> drawn(Env& env, const LeasedMap::Data& data,
                             const std::set<SessionId>& sessions) {
  std::vector<SessionId> all;
  for (const SessionId session : sessions)
    if (data.sessions.contains(session)) all.push_back(session);
  if (all.size() <= kMost) return all;
  const auto first = static_cast<std::ptrdiff_t>(env.random() % all.size());
  std::rotate(all.begin(), all.begin() + first, all.end());
  all.resize(kMost);
  return all;
}

/// What one look brought, of all sessions.
struct Seen {
  Items beats;
  Items marks;
  std::int64_t before = 0;
  std::int64_t after = 0;
};

Seen look_at(Connection& connection, std::string_view origin,
             const std::vector<SessionId>& sessions) {
  std::string beats = "gets";
  std::string marks = "get";
  for (const SessionId session : sessions) {
    beats += " " + beat_key(origin, session);
    marks += " " + mark_key(origin, session);
  }
  connection.send("stats\r\n" + beats + "\r\nstats\r\n" + marks + "\r\n");
  Seen seen;
  seen.before = connection.time();
  seen.beats = by_key(connection.items());
  seen.after = connection.time();
  seen.marks = by_key(connection.items());
  return seen;
}

// False: it has been renewed since.
bool bury(Connection& connection, const Item* beat) {
  if (beat == nullptr) return true;
  connection.send(encode({"cas", beat->key, "", -1, beat->unique}));
  return connection.line() != "EXISTS";
}

}  // namespace

std::string encode(const Mark& mark) {
  return mark.beat + " " + std::to_string(mark.time) + (mark.ripe ? " ripe" : " new");
}

std::optional<Mark> decode_mark(std::string_view text) {
  const auto first = text.find(' ');
  const auto second = text.find(' ', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  Mark mark{std::string(text.substr(0, first)), 0, text.substr(second) == " ripe"};
  const std::string_view time = text.substr(first + 1, second - first - 1);
  const auto [end, failed] = std::from_chars(time.data(), time.data() + time.size(), mark.time);
  if (failed != std::errc{} || end != time.data() + time.size()) return std::nullopt;
  if (!mark.ripe && text.substr(second) != " new") return std::nullopt;
  return mark;
}

// A ripe mark of second t says: renewed last before t + 1. The look at second s was at s or later.
Verdict judge(const std::optional<Mark>& mark, const Look& look, Env::Duration ttl) {
  if (!mark || mark->beat != look.beat || mark->time > look.after)
    return {false, Mark{look.beat, look.after, false}};
  if (!mark->ripe) {
    if (look.before <= mark->time) return {};
    return {false, Mark{look.beat, look.before, true}};
  }
  const auto life = std::chrono::ceil<std::chrono::seconds>(ttl).count();
  return {look.before - mark->time > life, std::nullopt};
}

void Pulse::begin(Connection& connection, std::string_view origin, SessionId session) const {
  connection.send(encode({"add", beat_key(origin, session), "1"}));
  connection.line();
}

bool Pulse::beat(Connection& connection, std::string_view origin, SessionId session,
                 std::string& hint) const {
  connection.send("get " + origin_key() + "\r\nincr " + beat_key(origin, session) + " 1\r\n");
  const auto found = connection.items();
  hint = found.empty() ? std::string() : std::string(found.front().data);
  return connection.line() != "NOT_FOUND";
}

void Pulse::end(Connection& connection, std::string_view origin, SessionId session) const {
  connection.send("delete " + beat_key(origin, session) + "\r\ndelete " +
                  mark_key(origin, session) + "\r\n");
  connection.line();
  connection.line();
}

std::set<SessionId> Pulse::dead(Connection& connection, const LeasedMap::Data& data,
                                const std::set<SessionId>& sessions) const {
  const auto chosen = drawn(env_, data, sessions);
  if (chosen.empty()) return {};
  const Seen seen = look_at(connection, data.origin, chosen);
  std::set<SessionId> gone;
  for (const SessionId session : chosen) {
    const auto beat = seen.beats.find(beat_key(data.origin, session));
    const auto mark = seen.marks.find(mark_key(data.origin, session));
    const bool there = beat != seen.beats.end();
    const Look look{std::string(there ? std::string_view(beat->second.data) : kGone), seen.before,
                    seen.after};
    const Verdict verdict =
        judge(mark != seen.marks.end() ? decode_mark(mark->second.data) : std::nullopt, look,
              data.sessions.at(session).ttl);
    if (verdict.mark) {
      const std::string key = mark_key(data.origin, session);
      connection.send(encode({"set", key, encode(*verdict.mark), kMarkSeconds}));
      connection.line();
    }
    if (verdict.dead && bury(connection, there ? &beat->second : nullptr)) gone.insert(session);
  }
  return gone;
}

}  // namespace tooz::memcached
