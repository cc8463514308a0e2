#pragma once
#include "tooz/drivers/pages.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tooz::memcached {

/// Bytes that no memcached sends.
class BadReply : public std::runtime_error {
 public:
  explicit BadReply(const std::string& why) : std::runtime_error("not understood: " + why) {}
};

/// The server's `ERROR`, `CLIENT_ERROR …` or `SERVER_ERROR …`: it has done nothing.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Item {
  std::string key;
  Buffer data;
  std::uint64_t unique = 0;  ///< for cas; 0 unless it was asked for
};

// Each takes one whole answer from the front of `buffer`; nullopt: more bytes are needed. Throws
// BadReply, and Refused, which is taken from the buffer too.

std::optional<std::string> take_line(Buffer& buffer);
/// Of `get` and `gets`.
std::optional<std::vector<Item>> take_items(Buffer& buffer);
/// Of `stats`: the server's clock in seconds. It moves in whole steps, and may lag behind.
std::optional<std::int64_t> take_time(Buffer& buffer);

/// `add`, `set` or `cas` (then with `unique`) of an item; `seconds` to live, 0: for ever, -1: the
/// item is gone at once.
struct Store {
  std::string_view verb;
  std::string_view key;
  std::string_view data;
  int seconds = 0;
  std::uint64_t unique = 0;
};
Buffer encode(const Store& store);

}  // namespace tooz::memcached
