#include "tooz/drivers/redis/codec.h"

#include <charconv>

namespace tooz::redis {
namespace {

using Kind = Reply::Kind;

template <class Number>
Number number_of(std::string_view text) {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) throw BadReply("a number");
  return number;
}

const std::vector<Reply>& elements_of(const Reply& reply, std::size_t count) {
  if (reply.kind != Kind::kArray || reply.elements.size() != count) throw BadReply("an array");
  return reply.elements;
}

Entry entry_of(std::string_view key, const Reply& meta, const Reply& value) {
  const Meta numbers = decode_meta(decode_text(meta));
  return {std::string(key), decode_text(value), numbers.owner, numbers.created, numbers.revision};
}

Change change_of(const std::vector<Reply>& parts) {
  if (parts.size() != 3 && parts.size() != 5) throw BadReply("a change");
  Change change;
  change.entry.revision = number_of<Revision>(decode_text(parts[0]));
  change.entry.created = number_of<Revision>(decode_text(parts[1]));
  change.entry.key = decode_text(parts[2]);
  change.removed = change.entry.created == 0;
  change.value_known = parts.size() == 5;
  if (change.value_known) change.entry = entry_of(change.entry.key, parts[3], parts[4]);
  return change;
}

// -1: no session is open.
std::optional<Env::Duration> end_of(const Reply& reply) {
  const std::int64_t milliseconds = decode_number(reply);
  if (milliseconds < 0) return std::nullopt;
  return std::chrono::milliseconds(std::min<std::int64_t>(milliseconds, 86'400'000));
}

std::string_view field(std::string_view info, std::string_view name) {
  for (std::size_t at = 0; at < info.size();) {
    const auto end = std::min(info.find("\r\n", at), info.size());
    const std::string_view line = info.substr(at, end - at);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':'))
      return line.substr(name.size() + 1);
    at = end + 2;
  }
  return {};
}

}  // namespace

std::int64_t decode_number(const Reply& reply) {
  if (reply.kind != Kind::kInteger) throw BadReply("no number");
  return reply.integer;
}

std::string decode_text(const Reply& reply) {
  if (reply.kind != Kind::kText) throw BadReply("no text");
  return reply.text;
}

Meta decode_meta(std::string_view text) {
  const auto first = text.find(':');
  const auto second = text.find(':', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) throw BadReply("a key");
  return {number_of<Revision>(text.substr(0, first)),
          number_of<Revision>(text.substr(first + 1, second - first - 1)),
          SessionId{number_of<std::uint64_t>(text.substr(second + 1))}};
}

std::optional<Entry> decode_entry(std::string_view key, const Reply& reply) {
  if (reply.kind == Kind::kNil) return std::nullopt;
  const auto& parts = elements_of(reply, 2);
  return entry_of(key, parts[0], parts[1]);
}

Snapshot decode_snapshot(const Reply& reply) {
  const auto& parts = elements_of(reply, 4);
  Snapshot snapshot;
  snapshot.at = decode_number(parts[0]);
  const std::size_t count = parts[1].elements.size();
  const auto& metas = elements_of(parts[2], count);
  const auto& values = elements_of(parts[3], count);
  for (std::size_t i = 0; i < count; ++i)
    snapshot.entries.push_back(entry_of(decode_text(parts[1].elements[i]), metas[i], values[i]));
  return snapshot;
}

Recorded decode_recorded(const Reply& reply) {
  const auto& parts = elements_of(reply, 3);
  return {decode_number(parts[0]) != 0, end_of(parts[1]), decode_number(parts[2])};
}

std::optional<Changes> decode_changes(const Reply& reply) {
  if (reply.kind == Kind::kNil) return std::nullopt;
  const auto& parts = elements_of(reply, 2);
  Changes changes{{}, decode_number(parts[0])};
  for (const Reply& one : parts[1].elements)
    changes.list.push_back(change_of(one.elements));
  return changes;
}

Round decode_round(const Reply& reply) {
  const auto& parts = elements_of(reply, 2);
  return {decode_text(parts[0]), end_of(parts[1])};
}

ServerInfo decode_info(std::string_view text) {
  ServerInfo info;
  const std::string_view version = field(text, "redis_version");
  std::from_chars(version.data(), version.data() + version.size(), info.version);
  info.master = field(text, "role") == "master";
  const std::string_view memory = field(text, "maxmemory");
  info.evicts =
      !memory.empty() && memory != "0" && field(text, "maxmemory_policy").starts_with("allkeys-");
  return info;
}

LexRange lex_range(std::string_view prefix) {
  if (prefix.empty()) return {"-", "+"};
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff')
    end.pop_back();
  if (end.empty()) return {"[" + std::string(prefix), "+"};
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return {"[" + std::string(prefix), "(" + end};
}

}  // namespace tooz::redis
