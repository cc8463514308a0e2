// What users write (URLs) and what members have stored: capabilities, identities.
#include "tests/fuzz/library/targets.h"
#include "tests/fuzz/target.h"
#include "tooz/error.h"
#include "tooz/hash_ring.h"
#include "tooz/recipes/group_state.h"
#include "tooz/recipes/process_identity.h"
#include "tooz/url.h"
#include "tooz/value.h"

namespace fuzz {

void fuzz_url(std::string_view bytes) {
  refusable<tooz::Error>([&] {
    const tooz::Url url = tooz::parse_url(bytes);
    expect(!url.scheme.empty(), "a URL without scheme was taken");
    for (const auto& [name, value] : url.options)
      expect(url.all(name).back() == value, "the last of a repeated option does not win");
    const tooz::Url shown = tooz::parse_url(url.safe());
    expect(shown.password != url.password || url.password.empty() || url.password == "***",
           "safe() shows the password");
    if (const auto time = url.duration("timeout"))
      expect(*time > base::Env::Duration::zero(), "a timeout that is not positive");
  });
}

void fuzz_msgpack(std::string_view bytes) {
  refusable<tooz::BadValue>([&] {
    const tooz::Value value = tooz::from_msgpack(bytes);
    const std::string again = tooz::to_msgpack(value);
    expect(tooz::to_msgpack(tooz::from_msgpack(again)) == again, "not the same when stored again");
    expect(!tooz::to_json(value).empty(), "no JSON");
  });
}

void fuzz_value_json(std::string_view bytes) {
  refusable<tooz::BadValue>([&] {
    const tooz::Value value = tooz::from_json(bytes);
    const std::string stored = tooz::to_msgpack(value);
    expect(tooz::to_msgpack(tooz::from_msgpack(stored)) == stored, "not the same when stored");
  });
}

void fuzz_identity(std::string_view bytes) {
  const auto record = tooz::decode_identity(bytes);
  if (!record) return;
  expect(!record->process.text().empty(), "no text");
  const auto again = tooz::decode_identity(tooz::encode(*record));
  expect(again && again->coordinator == record->coordinator &&
             again->incarnation == record->incarnation && again->process.pid == record->process.pid,
         "not the same when stored again");
}

namespace {

// Lines of `key value`.
tooz::Snapshot snapshot_of(std::string_view bytes) {
  tooz::Snapshot all;
  while (!bytes.empty()) {
    const std::string_view line = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), line.size() + 1));
    const auto space = std::min(line.find(' '), line.size());
    ++all.at;
    all.entries.push_back({.key = "g" + std::string(line.substr(0, space)),
                           .value = std::string(line.substr(std::min(space + 1, line.size()))),
                           .created = all.at,
                           .revision = all.at});
  }
  return all;
}

}  // namespace

void fuzz_members(std::string_view bytes) {
  const tooz::Snapshot all = snapshot_of(bytes);
  const tooz::Meter meter(base::system_env(), nullptr);
  tooz::GroupState by_snapshot("g/", meter);
  by_snapshot.replace(all);
  tooz::GroupState by_changes("g/", meter);
  tooz::Changes changes{.list = {}, .at = all.at};
  for (const auto& entry : all.entries)
    changes.list.push_back({.entry = entry});
  by_changes.apply(changes);
  tooz::HashRing ring(4);
  for (const auto& member : by_snapshot.members()) {
    expect(!member.id.empty() && member.id.find('/') == std::string::npos, "an invented member");
    ring.set_node(member.id);
  }
  if (ring.points() > 0) expect(ring.owners(bytes).size() == 1, "a ring without owner");
}

}  // namespace fuzz
