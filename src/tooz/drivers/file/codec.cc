#include "tooz/drivers/file/codec.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace tooz::file {
namespace {

constexpr std::string_view kFormat = "tooz-cc file 2\n";
constexpr std::size_t kDigest = 32;
constexpr std::size_t kSizeInMemory = 3;  ///< times that of the bytes

using Digest = std::array<char, kDigest>;

Digest sha256(std::string_view bytes) {
  std::array<unsigned char, kDigest> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not to be had");
  Digest result{};
  std::ranges::copy(digest, result.begin());
  return result;
}

class Writer {
 public:
  Writer() {
    bytes_ += kFormat;
    bytes_.append(kDigest, '\0');
  }
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
  Buffer take() {
    const Digest digest = sha256(std::string_view(bytes_).substr(kFormat.size() + kDigest));
    std::ranges::copy(digest, bytes_.begin() + kFormat.size());
    return std::move(bytes_);
  }

 private:
  Buffer bytes_;
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
  std::string_view text() { return take(number()); }
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
  for (const auto& [key, row] : data.keys) {
    out.text(key);
    out.text(row.value);
    out.number(static_cast<std::uint64_t>(row.owner));
    out.count(row.created);
    out.count(row.revision);
  }
}

void read_keys(Reader& in, LeasedMap::Data& data) {
  for (auto left = in.number(); left > 0; --left) {
    const std::string_view key = in.text();
    const std::string_view value = in.text();
    LeasedMap::Row rest;
    rest.owner = SessionId{in.number()};
    rest.created = in.count();
    rest.revision = in.count();
    data.add_key(key, value, rest);
  }
}

Contents read_contents(Reader& in, std::size_t size) {
  Contents contents{"", LeasedMap::Data(make_region(kSizeInMemory * size))};
  contents.boot_id = in.text();
  LeasedMap::Data& data = contents.data;
  data.origin = in.text();
  data.last = in.count();
  data.last_session = in.number();
  read_sessions(in, data);
  read_keys(in, data);
  for (auto left = in.number(); left > 0; --left) {
    const Revision revision = in.count();
    const std::string_view key = in.text();
    data.add_change(revision, key, in.count());
  }
  return contents;
}

}  // namespace

Buffer encode(const std::string& boot_id, const LeasedMap::Data& data) {
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
  return out.take();
}

std::optional<Contents> decode(std::string_view bytes) {
  if (!bytes.starts_with(kFormat) || bytes.size() < kFormat.size() + kDigest) return std::nullopt;
  bytes.remove_prefix(kFormat.size());
  const std::string_view body = bytes.substr(kDigest);
  if (!std::ranges::equal(sha256(body), bytes.substr(0, kDigest))) return std::nullopt;
  try {
    Reader in(body);
    Contents contents = read_contents(in, body.size());
    return in.at_end() ? std::optional(std::move(contents)) : std::nullopt;
  } catch (const Reader::Short&) {
    return std::nullopt;
  }
}

}  // namespace tooz::file
