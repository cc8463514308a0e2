#include "tooz/drivers/file/codec.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace tooz::file {
namespace {

constexpr std::string_view kFormat = "tooz-cc file 2\n";
constexpr std::size_t kDigest = 32;

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, kDigest> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not to be had");
  return {digest.begin(), digest.end()};
}

class Writer {
 public:
  void number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i, value >>= 8)
      bytes_ += static_cast<char>(value & 0xff);
  }
  template <class Signed>
  void count(Signed value) {
    number(static_cast<std::uint64_t>(value));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Throws Short where the bytes end too early.
class Reader {
 public:
  struct Short {};
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    const std::string_view bytes = take(8);
    for (std::size_t i = 8; i-- > 0;)
      value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  }
  std::int64_t count() { return static_cast<std::int64_t>(number()); }
  std::string text() { return std::string(take(number())); }
  bool at_end() const noexcept { return rest_.empty(); }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) throw Short();
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
};

void write_sessions(Writer& out, const LeasedMap::Data& data) {
  out.number(data.sessions.size());
  for (const auto& [id, lease] : data.sessions) {
    out.number(static_cast<std::uint64_t>(id));
    out.count(lease.ttl.count());
    out.count(lease.end.time_since_epoch().count());
  }
}

void read_sessions(Reader& in, LeasedMap::Data& data) {
  for (auto left = in.number(); left > 0; --left) {
    const SessionId id{in.number()};
    const Env::Duration ttl(in.count());
    data.sessions[id] = {ttl, Env::TimePoint(Env::Duration(in.count()))};
  }
}

void write_keys(Writer& out, const LeasedMap::Data& data) {
  out.number(data.keys.size());
  for (const auto& [key, entry] : data.keys) {
    out.text(key);
    out.text(entry.value);
    out.number(static_cast<std::uint64_t>(entry.owner));
    out.count(entry.created);
    out.count(entry.revision);
  }
}

void read_keys(Reader& in, LeasedMap::Data& data) {
  for (auto left = in.number(); left > 0; --left) {
    Entry entry;
    entry.key = in.text();
    entry.value = in.text();
    entry.owner = SessionId{in.number()};
    entry.created = in.count();
    entry.revision = in.count();
    std::string key = entry.key;
    data.keys.emplace(std::move(key), std::move(entry));
  }
}

Contents read_contents(Reader& in) {
  Contents contents;
  contents.boot_id = in.text();
  LeasedMap::Data& data = contents.data;
  data.origin = in.text();
  data.last = in.count();
  data.last_session = in.number();
  read_sessions(in, data);
  read_keys(in, data);
  for (auto left = in.number(); left > 0; --left) {
    LeasedMap::Record record;
    record.revision = in.count();
    record.key = in.text();
    record.created = in.count();
    data.changes.push_back(std::move(record));
  }
  return contents;
}

}  // namespace

std::string encode(const std::string& boot_id, const LeasedMap::Data& data) {
  Writer out;
  out.text(boot_id);
  out.text(data.origin);
  out.count(data.last);
  out.number(data.last_session);
  write_sessions(out, data);
  write_keys(out, data);
  out.number(data.changes.size());
  for (const LeasedMap::Record& record : data.changes) {
    out.count(record.revision);
    out.text(record.key);
    out.count(record.created);
  }
  const std::string body = out.take();
  return std::string(kFormat) + sha256(body) + body;
}

std::optional<Contents> decode(std::string_view bytes) {
  if (!bytes.starts_with(kFormat) || bytes.size() < kFormat.size() + kDigest) return std::nullopt;
  bytes.remove_prefix(kFormat.size());
  const std::string_view body = bytes.substr(kDigest);
  if (sha256(body) != bytes.substr(0, kDigest)) return std::nullopt;
  try {
    Reader in(body);
    Contents contents = read_contents(in);
    return in.at_end() ? std::optional(std::move(contents)) : std::nullopt;
  } catch (const Reader::Short&) {
    return std::nullopt;
  }
}

}  // namespace tooz::file
