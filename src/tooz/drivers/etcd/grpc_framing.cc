#include "tooz/drivers/etcd/grpc_framing.h"

namespace tooz::etcd {
namespace {

constexpr std::size_t kPrefix = 5;

}  // namespace

std::string frame(std::string_view message) {
  const auto size = static_cast<std::uint32_t>(message.size());
  std::string out;
  out.reserve(kPrefix + message.size());
  out += '\0';
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(size >> shift);
  out += message;
  return out;
}

std::optional<std::string> Deframer::next() {
  if (buffer_.size() < kPrefix) return std::nullopt;
  if (buffer_[0] != 0) throw BadFrame("the server sent a compressed message");
  std::uint32_t size = 0;
  for (std::size_t i = 1; i < kPrefix; ++i)
    size = size << 8 | static_cast<unsigned char>(buffer_[i]);
  if (size > max_message_)
    throw BadFrame("the answer has " + std::to_string(size) + " bytes, more than the " +
                   std::to_string(max_message_) + " that are taken");
  if (buffer_.size() < kPrefix + size) return std::nullopt;
  std::string message = buffer_.substr(kPrefix, size);
  buffer_.erase(0, kPrefix + size);
  return message;
}

}  // namespace tooz::etcd
