// What coordination servers answer, and what stands in them, as far as we read it ourselves.
#include "tests/fuzz/library/targets.h"
#include "tests/fuzz/target.h"
#include "tooz/drivers/etcd/codec.h"
#include "tooz/drivers/etcd/grpc_framing.h"
#include "tooz/drivers/etcd/grpc_status.h"
#include "tooz/drivers/file/codec.h"
#include "tooz/drivers/memcached/pulse.h"
#include "tooz/drivers/memcached_wire/protocol.h"
#include "tooz/drivers/postgresql/listener.h"
#include "tooz/drivers/redis/codec.h"
#include "tooz/drivers/zookeeper/paths.h"

#include <openssl/sha.h>

namespace fuzz {

// The first byte says how many bytes come at a time.
void fuzz_grpc(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t at_once = 1U + static_cast<unsigned char>(bytes.front());
  bytes.remove_prefix(1);
  tooz::etcd::percent_decode(bytes);
  tooz::etcd::code_from_header(bytes.substr(0, 4));
  refusable<tooz::etcd::BadFrame>([&] {
    tooz::etcd::Deframer deframer(1000);
    std::size_t taken = 0;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(at_once, bytes.size()))) {
      deframer.add(bytes.substr(0, at_once));
      while (const auto message = deframer.next()) {
        expect(message->size() <= 1000, "a message that is too long");
        taken += message->size() + 5;
      }
    }
    expect(taken > 0 || deframer.partial() || at_once > 0, "bytes were lost");
  });
}

void fuzz_etcd(std::string_view bytes) {
  using namespace tooz::etcd;
  const std::string reply(bytes);
  refusable<BadReply>([&] { decode_txn(reply); });
  refusable<BadReply>([&] { decode_range(reply); });
  refusable<BadReply>([&] { decode_watch(reply); });
  refusable<BadReply>([&] { decode_grant(reply); });
  refusable<BadReply>([&] { decode_keep_alive(reply); });
  refusable<BadReply>([&] { decode_token(reply); });
  const auto end = range_end(bytes);
  expect(end == std::string(1, '\0') || std::string_view(end) > bytes, "a range that is empty");
}

void fuzz_redis(std::string_view bytes) {
  using namespace tooz::redis;
  decode_info(bytes);
  refusable<BadReply>([&] { decode_meta(bytes); });
  const auto range = lex_range(bytes);
  expect(!range.first.empty() && !range.end.empty(), "a range without ends");
  refusable<BadReply>([&] {
    ReplyReader reader;
    reader.feed(bytes);
    while (const auto reply = reader.next()) {
      refusable<BadReply>([&] { decode_number(*reply); });
      refusable<BadReply>([&] { decode_text(*reply); });
      refusable<BadReply>([&] { decode_entry("k", *reply); });
      refusable<BadReply>([&] { decode_snapshot(*reply); });
      refusable<BadReply>([&] { decode_recorded(*reply); });
      refusable<BadReply>([&] { decode_changes(*reply); });
      refusable<BadReply>([&] { decode_round(*reply); });
    }
  });
}

namespace {

// Takes all answers that are there; each takes something away.
template <class Take>
void take_all(std::string_view bytes, Take take) {
  using namespace tooz::memcached;
  tooz::Buffer buffer(bytes);
  for (std::size_t before = buffer.size() + 1; buffer.size() < before;) {
    before = buffer.size();
    bool refused = true;
    refusable<BadReply, Refused>([&] {
      refused = false;
      if (!take(buffer)) expect(buffer.size() == before, "half an answer was taken");
    });
    if (refused) return;
  }
}

}  // namespace

void fuzz_memcached(std::string_view bytes) {
  using namespace tooz::memcached;
  take_all(bytes, [](tooz::Buffer& buffer) { return take_line(buffer).has_value(); });
  take_all(bytes, [](tooz::Buffer& buffer) { return take_items(buffer).has_value(); });
  take_all(bytes, [](tooz::Buffer& buffer) { return take_time(buffer).has_value(); });
  const auto mark = decode_mark(bytes);
  if (mark) expect(decode_mark(encode(*mark)) == mark, "not the same mark when stored again");
}

void fuzz_postgresql(std::string_view bytes) {
  const auto change = tooz::postgresql::parse_announcement(bytes);
  if (change) expect(change->key.size() * 2 < bytes.size(), "a key out of nowhere");
}

void fuzz_zookeeper(std::string_view bytes) {
  using namespace tooz::zookeeper;
  expect(unescaped(escaped(bytes)) == bytes, "a name that cannot be read back");
  if (const auto name = unescaped(bytes)) expect(escaped(*name) == bytes, "two names for one");
  const Paths paths("/tooz");
  expect(paths.key(bytes).starts_with("/tooz/"), "a key outside of the driver's nodes");
  expect(paths.key(bytes).find("//") == std::string::npos, "a path that ZooKeeper refuses");
  expect(std::string(folder_of(bytes)) + std::string(leaf_of(bytes)) == bytes, "a key cut wrongly");
}

// As it stands in a file, and as it would with the right checksum.
void fuzz_file(std::string_view bytes) {
  using namespace tooz::file;
  const auto check = [](const std::optional<Contents>& contents) {
    if (!contents) return;
    const auto again = decode(encode(contents->boot_id, contents->data));
    expect(again && again->boot_id == contents->boot_id &&
               again->data.last == contents->data.last &&
               again->data.keys.size() == contents->data.keys.size(),
           "not the same when written again");
  };
  check(decode(bytes));
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  const tooz::Buffer whole = encode("", {});
  std::string file(std::string_view(whole).substr(0, whole.find('\n') + 1));
  file.append(reinterpret_cast<const char*>(digest), sizeof digest).append(bytes);
  check(decode(file));
}

}  // namespace fuzz
