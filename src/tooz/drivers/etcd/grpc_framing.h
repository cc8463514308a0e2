#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tooz::etcd {

/// gRPC's prefix of a message: one byte "compressed", four bytes length, big-endian.
std::string frame(std::string_view message);

/// The peer broke the framing, or sent more than we take.
class BadFrame : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Takes a stream of bytes apart into messages. Holds at most one message of `max_message` bytes
/// and what the last add() brought.
class Deframer {
 public:
  explicit Deframer(std::size_t max_message) : max_message_(max_message) {}

  void add(std::string_view bytes) { buffer_.append(bytes); }

  /// The next whole message; nullopt: more bytes are needed. Throws BadFrame for a compressed
  /// message (we never ask for one) and for one that is too long, before its bytes have come.
  std::optional<std::string> next();

  /// True while a message has begun and not ended.
  bool partial() const noexcept { return !buffer_.empty(); }

 private:
  std::size_t max_message_;
  std::string buffer_;
};

}  // namespace tooz::etcd
